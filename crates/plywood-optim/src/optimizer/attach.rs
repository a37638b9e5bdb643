//! The first sight of parameters, and of a model that has changed: paths, groups and slots.

use super::Optimizer;
use super::accumulate::SUM;
use super::group::{ParamGroup, check_rule, check_slots};
use super::noise::Noise;
use crate::by_name::by_name;
use crate::whole::Whole;
use crate::{OptimError, Rule};
use plywood_autograd::ParamId;
use plywood_nn::{Leaf, NnError};
use plywood_tensor::{At, Elem, Float, Result, Shape, Tensor};
use std::collections::BTreeMap;

/// What the optimizer keeps of a parameter.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) shape: Shape,
    /// Which of the groups it belongs to.
    pub(super) group: Option<usize>,
    /// How many steps it took.
    pub(super) count: u64,
    /// In the order of the rule; none before its first step.
    pub(super) slots: Vec<Tensor>,
    /// What clipping by its own norm multiplies its gradient with in this step.
    pub(super) scale: f64,
    /// What the adaptive limit multiplies the gradient of each unit with in this step; none without such a limit.
    pub(super) units: Vec<Elem>,
    /// The sum of the gradients that wait for their step.
    pub(super) sum: Option<Tensor>,
    /// The look that saw it last.
    pub(super) look: u64,
    /// Whether the model still has it. If not, it is kept, for it may come back, but is part of no state.
    pub(super) present: bool,
}

impl Entry {
    /// The rule that moves it, and a number by which rules are told apart: that of the optimizer, of its group, or the one
    /// that moves such shapes in place of these.
    #[inline]
    pub(super) fn rule<'a>(&self, main: &'a dyn Rule, groups: &'a [ParamGroup]) -> (&'a dyn Rule, usize) {
        let own = self.group.and_then(|index| Some((groups[index].rule.as_deref()?, 2 * index + 2)));
        let (rule, which) = own.unwrap_or((main, 0));
        rule.instead(&self.shape).map_or((rule, which), |other| (other, which + 1))
    }

    /// Refuses a rule that cannot move it, or whose slots for it are not as they must be.
    #[cold]
    pub(super) fn check(&self, rule: &dyn Rule) -> Result<()> {
        rule.check_shape(&self.shape)?;
        check_slots(rule)?;
        for (slot, _, got) in self.slots_of(rule) {
            let (rule, expected, whole) = (rule.name(), self.shape, rule.is_whole());
            if slot == SUM {
                return Err(OptimError::SlotName { rule, got: slot }.into());
            }
            if got != expected && !whole {
                return Err(OptimError::SlotShape { rule, slot, expected, got }.into());
            }
        }
        Ok(())
    }

    /// Makes the slots that it lacks before its first step.
    #[cold]
    pub(super) fn start(&mut self, rule: &dyn Rule) {
        let missing: Vec<_> = self.slots_of(rule).skip(self.slots.len()).collect();
        for (_, slot, shape) in missing {
            let start = Elem::of(rule.start(slot));
            self.slots.push(Tensor::full(shape, start).expect("a shape was checked when it was made"));
        }
    }

    /// The slots that a rule keeps of it: name, place among all slots of the rule, shape.
    pub(super) fn slots_of(&self, rule: &dyn Rule) -> impl Iterator<Item = (&'static str, usize, Shape)> {
        let shape = self.shape;
        rule.slots()
            .iter()
            .enumerate()
            .filter_map(move |(slot, name)| Some((*name, slot, rule.slot_shape(slot, &shape)?)))
    }
}

/// Path and shape of every parameter, by id; refuses a model in which two are clones of one.
pub(crate) fn distinct(model: &dyn Whole) -> Result<BTreeMap<ParamId, (String, Shape)>> {
    let (mut seen, mut result) = (BTreeMap::new(), Ok(()));
    model.show(&mut |path, leaf| {
        let Leaf::Param(param) = leaf else { return };
        let twin = seen.insert(param.id(), (path.to_string(), *param.shape()));
        if let (Some((other, _)), true) = (twin, result.is_ok()) {
            result = Err(OptimError::Twin { other }).at(path);
        }
    });
    result.map(|()| seen)
}

impl Optimizer {
    /// Makes entries for all parameters of the model that have none, frozen ones included, and notes where each is now.
    #[cold]
    pub(super) fn attach(&mut self, model: &dyn Whole) -> Result<()> {
        self.check_settings()?;
        let seen = distinct(model)?;
        if self.entries.is_empty() {
            // Later, a group may have had its parameters in a part that was removed.
            self.check_groups(seen.values().map(|(path, _)| path.as_str()))?;
        }
        self.check_strangers(&seen)?;
        self.entries.values_mut().for_each(|entry| entry.present = false);
        for (id, (path, shape)) in seen {
            let group = self.groups.iter().position(|group| group.pattern.matches(&path));
            let entry = Entry {
                path,
                shape,
                group,
                count: 0,
                slots: Vec::new(),
                scale: 1.0,
                units: Vec::new(),
                sum: None,
                look: 0,
                present: true,
            };
            // A known parameter keeps its state, but may have moved to another place in the model.
            self.entries
                .entry(id)
                .and_modify(|known| {
                    known.path.clone_from(&entry.path);
                    // What one rule remembers is of no use to another.
                    let own = |group: Option<usize>| group.filter(|&index| self.groups[index].rule.is_some());
                    if own(known.group) != own(group) {
                        (known.count, known.slots) = (0, Vec::new());
                    }
                    known.group = group;
                    known.present = true;
                })
                .or_insert(entry);
        }
        if let Some(state) = self.pending.take()
            && let Err(error) = self.adopt(&state)
        {
            // A state waits only while nothing is known, so this leaves everything as it was.
            self.entries.clear();
            self.pending = Some(state);
            return Err(error);
        }
        Ok(())
    }

    fn check_settings(&self) -> Result<()> {
        check_rule(&*self.rule)?;
        self.clip.check()?;
        self.noise.as_ref().map_or(Ok(()), Noise::check)?;
        self.check_accumulate()?;
        self.groups.iter().try_for_each(|group| group.check())
    }

    fn check_groups<'a>(&self, paths: impl Iterator<Item = &'a str> + Clone) -> Result<()> {
        for group in &self.groups {
            if !paths.clone().any(|path| group.pattern.matches(path)) {
                let (pattern, names) =
                    (group.pattern.as_str().to_owned(), paths.map(str::to_owned).collect());
                return Err(NnError::NoMatch { pattern, names }.into());
            }
        }
        Ok(())
    }

    /// Refuses new parameters that stand where another one, of the last step, is no longer part of the model.
    fn check_strangers(&self, seen: &BTreeMap<ParamId, (String, Shape)>) -> Result<()> {
        let gone = self.entries.iter().filter(|(id, entry)| entry.present && !seen.contains_key(id));
        let gone = by_name(gone.map(|(_, entry)| (entry.path.as_str(), ())));
        let mut new = seen.iter().filter(|(id, _)| !self.entries.contains_key(id));
        match new.find(|(_, (path, _))| gone.contains_key(path.as_str())) {
            Some((_, (path, _))) => Err(OptimError::Stranger).at(path),
            None => Ok(()),
        }
    }
}
