//! The model, the epochs and what else there is to know, as tables.

use super::escape::Escaped;
use crate::History;
use crate::number::{Number, Seconds};
use plywood_nn::{Grouped, Summary};
use std::fmt::{Display, Write};

/// Names and values, one below the other.
pub(super) fn facts(rows: impl IntoIterator<Item = (String, String)>) -> String {
    let mut html = String::from("<div class=\"sheet\"><table class=\"facts\"><tbody>\n");
    for (name, value) in rows {
        let _ =
            writeln!(html, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", Escaped(name), Escaped(value));
    }
    html + "</tbody></table></div>\n"
}

/// The layers of a model.
pub(super) fn model(summary: &Summary) -> String {
    let mut html = String::from(
        "<div class=\"sheet scroll\"><table>\n<thead><tr><th class=\"left\">path</th><th class=\"left\">layer</th>\
         <th class=\"left\">output</th><th>parameters</th><th>multiply-adds</th></tr></thead>\n<tbody>\n",
    );
    for row in summary.shown() {
        let number = |n: u64| if row.has_numbers() { Grouped(n).to_string() } else { String::new() };
        let _ = writeln!(
            html,
            "<tr><td class=\"left path\">{}</td><td class=\"left layer\" style=\"padding-left:{}px\">{}</td>\
             <td class=\"left\">{}</td><td>{}</td><td>{}</td></tr>",
            Escaped(&row.path),
            10 + 18 * row.depth.saturating_sub(1),
            Escaped(&row.layer),
            Escaped(&row.output),
            number((row.trainable + row.frozen) as u64),
            number(row.multiply_adds)
        );
    }
    let _ = writeln!(
        html,
        "</tbody>\n<tfoot><tr><td class=\"left\" colspan=\"2\">input {}</td><td class=\"left\">{}</td><td>{}</td><td>{}</td>\
         </tr></tfoot></table></div>",
        Escaped(&summary.input),
        Escaped(&summary.output),
        Grouped(summary.parameters() as u64),
        Grouped(summary.multiply_adds())
    );
    html
}

/// A row for each epoch; the best one stands out.
pub(super) fn epochs(history: &History) -> String {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in history.epochs().iter().flat_map(|record| record.iter()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let cell = |tag: &str, text: &dyn Display| format!("<{tag}>{}</{tag}>", Escaped(text));
    let titles: String = names.iter().map(|name| cell("th", name)).collect();
    let mut html = format!(
        "<details class=\"sheet\"><summary>All {} epochs as a table</summary>\n<div class=\"scroll\"><table>\n\
         <thead><tr><th>epoch</th>{titles}<th>time</th></tr></thead>\n<tbody>\n",
        history.len()
    );
    let best = history.best_epoch().map(|record| record.epoch);
    for record in history.epochs() {
        let value =
            |name: &String| record.get(name).map_or("–".to_owned(), |value| Number(value).to_string());
        let cells: String = names.iter().map(|name| cell("td", &value(name))).collect();
        let class = if Some(record.epoch) == best { " class=\"best\"" } else { "" };
        let time = Seconds(record.seconds);
        let _ = writeln!(html, "<tr{class}><td>{}</td>{cells}<td>{time}</td></tr>", record.epoch);
    }
    html + "</tbody></table></div></details>\n"
}
