//! The parts of a report, put together.

use super::Report;
use super::date::Date;
use super::escape::Escaped;
use super::tables::{epochs, facts, model};
use crate::number::{Number, Seconds};
use crate::plot::quantities;
use crate::{Curve, History, Plot, TrainError};
use plywood_nn::Grouped;
use plywood_tensor::Result;
use std::fmt::{Display, Write};

/// Nothing may be loaded or run, whatever a text says.
const HEAD: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";

pub(super) fn html(report: &Report) -> Result<String> {
    let mut html = String::from(HEAD);
    let title = Escaped(&report.title);
    let style = include_str!("style.css");
    let _ = write!(html, "<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n");
    let _ = writeln!(html, "<header><h1>{title}</h1>\n<p>{}</p></header>", Escaped(subtitle(report)));
    html += &cards(report);
    for note in &report.notes {
        let _ = writeln!(html, "<h2>Note</h2>\n<div class=\"sheet note\">{}</div>", Escaped(note.trim()));
    }

    let charts = charts(report)?;
    if !charts.is_empty() {
        let _ = writeln!(html, "<h2>Course of the training</h2>\n<div class=\"charts\">\n{charts}</div>");
    }
    if let Some(history) = report.history.as_ref().filter(|history| !history.is_empty()) {
        let _ = write!(html, "<div style=\"margin-top:12px\">{}</div>", epochs(history));
    }
    if let Some(confusion) = &report.confusion {
        confusion.check()?;
        let _ = writeln!(
            html,
            "<h2>Which classes are taken for which</h2>\n<div class=\"sheet\" style=\"padding:16px 18px\">"
        );
        let _ = writeln!(html, "{}</div>", confusion.html());
    }
    if let Some(residuals) = &report.residuals {
        residuals.check()?;
        let errors = residuals.errors()?.map(|(name, value)| format!("{name} {}", Number(value)));
        let _ = writeln!(
            html,
            "<h2>Predictions and targets</h2>\n<p class=\"lead\">{} sample{}: {}</p>\n<div class=\"charts\">",
            Grouped(residuals.targets.numel() as u64),
            if residuals.targets.numel() == 1 { "" } else { "s" },
            errors.join(", ")
        );
        for (name, plot) in
            ["predictions over targets", "residuals over predictions"].into_iter().zip(residuals.panels())
        {
            html += &figure(name, &plot)?;
        }
        html += "</div>\n";
    }
    if let Some(summary) = &report.model {
        let _ = writeln!(html, "<h2>Model</h2>\n{}", model(summary));
    }
    if !report.data.is_empty() {
        let _ = writeln!(html, "<h2>Data</h2>\n{}", facts(report.data.iter().cloned()));
    }
    for (heading, text) in &report.texts {
        let (heading, text) = (Escaped(heading), Escaped(text));
        let _ = writeln!(html, "<h2>{heading}</h2>\n<div class=\"sheet\"><pre>{text}</pre></div>");
    }
    let _ = writeln!(html, "<h2>To do it again</h2>\n{}", facts(settings(report)));
    html += "<footer>Made by Plywood. This file needs no network and runs no script.</footer>\n</main>\n</body>\n</html>\n";
    Ok(html)
}

/// In one line: how long it took, how large it is, when it was.
fn subtitle(report: &Report) -> String {
    let mut parts = Vec::new();
    if let Some(history) = report.history.as_ref().filter(|history| !history.is_empty()) {
        let seconds = history.epochs().iter().map(|record| record.seconds).sum();
        let epochs = history.epochs();
        parts.push(format!(
            "{} in {}",
            which(epochs[0].epoch, epochs[epochs.len() - 1].epoch),
            Seconds(seconds)
        ));
    }
    if let Some(summary) = &report.model {
        parts.push(format!("{} parameters", Grouped(summary.parameters() as u64)));
    }
    parts.push(Date::now().to_string());
    parts.join(" · ")
}

/// Which epochs the history tells of: of a run that was resumed it may be the last ones alone.
fn which(first: usize, last: usize) -> String {
    match (first, last) {
        (1, 1) => "1 epoch".to_owned(),
        (1, _) => format!("{last} epochs"),
        _ if first == last => format!("epoch {last} alone"),
        _ => format!("epochs {first} to {last}"),
    }
}

/// What the best epoch scored.
fn cards(report: &Report) -> String {
    let Some(best) = report.history.as_ref().and_then(History::best_epoch) else { return String::new() };
    let card = |value: &dyn Display, name: &str, below: String| {
        let (value, name, below) = (Escaped(value), Escaped(name), Escaped(below));
        format!(
            "<div class=\"card\"><span class=\"name\">{name}</span><b>{value}</b><span>{below}</span></div>\n"
        )
    };
    let last = report.history.as_ref().and_then(History::last).map_or(0, |record| record.epoch);
    let mut html = String::from("<div class=\"cards\">\n");
    let by = if best.validation.is_some() { "smallest validation loss" } else { "smallest loss" };
    html += &card(&format!("{} of {last}", best.epoch), "best epoch", by.to_owned());
    match &best.validation {
        Some(validation) => {
            for (name, value) in validation.iter() {
                let below = best
                    .training
                    .get(name)
                    .map_or(String::new(), |value| format!("training {}", Number(value)));
                html += &card(&Number(value), &format!("validation {name}"), below);
            }
        }
        None => {
            for (name, value) in best.training.iter() {
                html += &card(&Number(value), name, "training".to_owned());
            }
        }
    }
    html + "</div>\n"
}

/// Pictures of all that has changed through the epochs.
fn charts(report: &Report) -> Result<String, TrainError> {
    let mut html = String::new();
    if let Some(history) = &report.history {
        let best = history.best_epoch().filter(|_| history.len() > 1).map(|record| record.epoch);
        for (name, curves) in quantities(history) {
            html += &figure(&name, &Plot::new().panel(&name, curves).marked(best))?;
        }
        let norms = Curve::new("gradient norm", history.series("gradient norm"));
        html += &figure("gradient norm", &Plot::new().panel("gradient norm", [norms]))?;
        let rates = history.series("learning rate");
        if rates.iter().any(|(_, rate)| Some(rate) != rates.first().map(|(_, first)| first)) {
            html += &figure(
                "learning rate",
                &Plot::new().panel("learning rate", [Curve::new("learning rate", rates)]),
            )?;
        }
    }
    for (name, curves) in &report.curves {
        html += &figure(name, &Plot::new().panel(name, curves.iter().cloned()))?;
    }
    if let Some(curve) = &report.learning_rates {
        html += &figure("loss over learning rates", &curve.picture())?;
    }
    Ok(html)
}

/// A picture; nothing where there is no finite value to draw.
fn figure(name: &str, plot: &Plot) -> Result<String, TrainError> {
    match plot.draw() {
        Ok(svg) => Ok(format!("<figure role=\"img\" aria-label=\"{}\">\n{svg}</figure>\n", Escaped(name))),
        Err(TrainError::EmptyPlot { .. }) => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// What was given, and what the program knows of itself.
fn settings(report: &Report) -> Vec<(String, String)> {
    let mut rows = report.facts.clone();
    if let Some(last) = report.history.as_ref().and_then(History::last) {
        rows.push(("samples in an epoch".into(), Grouped(last.training.samples() as u64).to_string()));
        rows.push(("learning rate at the end".into(), Number(last.learning_rate).to_string()));
    }
    let width = 8 * std::mem::size_of::<plywood_tensor::Elem>();
    rows.push(("plywood".into(), format!("{} with {width}-bit numbers", env!("CARGO_PKG_VERSION"))));
    rows.push(("built for".into(), format!("{} on {}", std::env::consts::ARCH, std::env::consts::OS)));
    rows
}
