//! What an audit found.

use super::{Finding, Severity};
use std::fmt;

/// What an audit found; prints as a list, the most serious first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AuditReport {
    pub(super) findings: Vec<Finding>,
}

impl AuditReport {
    pub(super) fn of(mut findings: Vec<Finding>) -> AuditReport {
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
        AuditReport { findings }
    }

    /// All that was found, the most serious first.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Those that are likely to spoil the training.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity() == Severity::Warning)
    }

    /// Whether nothing was found.
    pub fn is_quiet(&self) -> bool {
        self.findings.is_empty()
    }
}

impl fmt::Display for AuditReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.findings.len() {
            0 => f.write_str("no findings")?,
            1 => f.write_str("1 finding")?,
            count => write!(f, "{count} findings")?,
        }
        self.findings.iter().try_for_each(|finding| write!(f, "\n{}: {finding}", finding.severity()))
    }
}
