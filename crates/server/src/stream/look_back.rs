//! Every new fact-check runs backwards over the live clusters, a slice at a time between frames.

use std::sync::RwLock;

use domain::cluster::ClusterAnswer;
use rayon::prelude::*;

use super::engine::Engine;
use super::group::{Doc, Group};
use super::limits;
use crate::answers::{Checks, index};

/// A walk over all live clusters on behalf of new checks.
pub struct LookBack {
    next: usize,
    /// For each check the beginnings of its telling words; empty means every cluster is asked.
    needles: Vec<Vec<String>>,
    /// Whether an unchanged answer is explained anew.
    anew: bool,
}

impl LookBack {
    /// A walk for these checks.
    pub fn new(checks: &RwLock<Checks>, docs: &[Doc]) -> Self {
        let few = docs.len() <= limits::LOOK_BACK_NEEDLES_CHECKS;
        let needles = if few {
            let checks = checks
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            docs.iter().map(|doc| checks.needles(*doc)).collect()
        } else {
            Vec::new()
        };
        Self {
            next: 0,
            needles,
            anew: false,
        }
    }

    /// A walk that asks for every cluster again, after the thresholds have changed: the same check
    /// with the same probability may now be called otherwise.
    pub fn anew() -> Self {
        Self {
            next: 0,
            needles: Vec::new(),
            anew: true,
        }
    }

    /// Looks at the next clusters; true when all have been looked at.
    pub fn step(&mut self, engine: &mut Engine, checks: &RwLock<Checks>) -> bool {
        let end = (self.next + limits::LOOK_BACK_STEP_CLUSTERS).min(engine.groups.len());
        let mut asked = Vec::new();
        while self.next < end && asked.len() < limits::LOOK_BACK_STEP_ANSWERS {
            if let Some(group) = &engine.groups[self.next]
                && group.answer != ClusterAnswer::Answered
            {
                let text = engine.copies.text(group.head);
                if self.may_answer(text) {
                    asked.push((u32::try_from(self.next).unwrap_or(u32::MAX), text));
                }
            }
            self.next += 1;
        }
        let best: Vec<_> = asked
            .par_iter()
            .map(|(number, text)| (*number, index::best_again(checks, text)))
            .collect();
        for (number, best) in best {
            let known = engine.group(number).and_then(Group::best);
            if known != best || (self.anew && best.is_some()) {
                engine.suggest(number, best, None);
            }
        }
        self.next >= engine.groups.len()
    }

    /// Whether one of the checks shares enough words with the text to be worth a look-up.
    fn may_answer(&self, text: &str) -> bool {
        self.needles.is_empty()
            || self.needles.iter().any(|needles| {
                let enough = needles.len().min(2);
                needles
                    .iter()
                    .filter(|needle| text.contains(needle.as_str()))
                    .take(enough)
                    .count()
                    >= enough
            })
    }
}
