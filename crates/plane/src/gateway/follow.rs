//! The gateway's side: it asks, takes what it is told, keeps it for the next start, and denies when it is told nothing.

use super::{
    BOOK_PATH, Confirmation, Enrolment, GATEWAY_HEADER, GatewaySecret, PROOF_HEADER, REPORT_SEAL,
    frames::Frame,
    question_parts,
    report::{GrantReport, Report, ReportAnswer},
};
use crate::{
    book::{BOOK_STALE_SECONDS, BookError, GrantTerms},
    plane::Plane,
    usage::UsageSummary,
};
use shuqiao_crypto::{seal::SealKey, secret};
use shuqiao_vocabulary::{Moment, id::GrantId};
use std::{
    collections::{BTreeSet, HashMap},
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// Bytes of the kept book beyond which a snapshot is taken in place of more changes.
const KEPT_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Grants in one report; the rest follows with the next.
const REPORTED_MAX: usize = 20_000;

/// Why an answer was not taken, or a gateway cannot start.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The enrolment file is not one.
    #[error("this is not an enrolment file: {0} is wrong")]
    Enrolment(&'static str),
    /// Bytes that are no answer.
    #[error("the answer is not in the form of a node's")]
    Malformed,
    /// Not confirmed by the node, or not for this gateway, or not for this question.
    #[error("the confirmation is not one of this node for this question")]
    NotConfirmed,
    /// Sealed for another gateway.
    #[error("the book was sealed for another gateway")]
    NotForUs,
    /// The clocks are too far apart.
    #[error("this program's clock is {seconds} seconds away from the node's: nothing is served until they agree")]
    ClockOff {
        /// How far, in seconds; above 0 when this program's clock is ahead.
        seconds: i64,
    },
    /// It contains what it must not, or lacks what it must have.
    #[error("the node sent what this gateway must not have: {0}")]
    Foreign(&'static str),
    /// The book was not taken.
    #[error("the book was not taken")]
    Book(#[from] BookError),
    /// The book could not be kept for the next start.
    #[error("the book cannot be kept")]
    Io(#[from] std::io::Error),
}

/// A question to the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Path and query.
    pub path: String,
    /// Headers, by name.
    pub headers: [(&'static str, String); 2],
    nonce: String,
    asked: Moment,
}

impl Question {
    /// Whether a whole book is asked for, which may be long.
    pub fn is_for_snapshot(&self) -> bool {
        self.path.contains("since=none&")
    }
}

/// Follows a node's book for a plane.
pub struct Follower {
    plane: Arc<Plane>,
    enrolment: Enrolment,
    secret: GatewaySecret,
    seal: SealKey,
    kept: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What is asked for next is a snapshot, whatever is there.
    anew: bool,
    /// What the node knows: the size of the log, and the counts.
    told_size: u64,
    told: HashMap<GrantId, UsageSummary>,
    /// Whether counts were left for the next report.
    rest: bool,
    /// What was sent and is not acknowledged yet.
    sent: Vec<(GrantId, UsageSummary)>,
}

impl Follower {
    /// A follower of the node of this enrolment. What was kept in the folder is put in force again, and denies until the
    /// node confirms it.
    ///
    /// # Errors
    /// When the enrolment's secret is not one.
    pub fn open(plane: Arc<Plane>, enrolment: Enrolment, folder: &Path) -> Result<Self, FollowError> {
        let secret = enrolment.secret()?;
        let seal = secret.seal_key();
        let kept = folder.join("book.kept");
        let follower = Self { plane, enrolment, secret, seal, kept, state: Mutex::default() };
        if let Ok(bytes) = fs::read(&follower.kept) {
            // A tail that was cut off when the program ended, or a file that somebody changed: what is asked for then
            // begins at the epoch before, or anew.
            if let Err(error) = follower.take_frames(&bytes) {
                tracing::warn!(%error, "the kept book is not complete; the node is asked anew");
                follower.state().anew = true;
            }
        }
        Ok(follower)
    }

    /// The next question. Nothing is served from what is older than its moment unless the node answers.
    pub fn question(&self, now: Moment) -> Question {
        let anew = self.state().anew || !self.plane.book().is_there();
        let since = if anew { "none".to_owned() } else { self.plane.epoch().to_string() };
        let (nonce, gateway) = (secret::random_text(18), self.enrolment.gateway.to_string());
        let proof = self.secret.prove(&question_parts(&gateway, &since, &nonce));
        Question {
            path: format!("{BOOK_PATH}?since={since}&nonce={nonce}"),
            headers: [(GATEWAY_HEADER, gateway), (PROOF_HEADER, proof)],
            nonce,
            asked: now,
        }
    }

    /// Takes the answer to a question. When this returns, the plane serves from it and knows it to be the newest as of the
    /// moment of the question.
    ///
    /// # Errors
    /// When the answer is not believed; what was in force stays, and grows stale.
    pub fn answered(&self, question: &Question, answer: &[u8], now: Moment) -> Result<(), FollowError> {
        let (length, rest) = answer.split_first_chunk::<4>().ok_or(FollowError::Malformed)?;
        let (note, frames) =
            rest.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or(FollowError::Malformed)?;
        let note = std::str::from_utf8(note).map_err(|_| FollowError::Malformed)?;
        let confirmed = Confirmation::open(note, &self.enrolment.book).ok_or(FollowError::NotConfirmed)?;
        let Enrolment { node, gateway, .. } = &self.enrolment;
        if confirmed.node != *node || confirmed.gateway != *gateway || confirmed.nonce != question.nonce {
            return Err(FollowError::NotConfirmed);
        }
        self.clocks(question.asked, confirmed.moment, now)?;
        if !frames.is_empty() {
            if let Err(error) = self.take_frames(frames) {
                self.state().anew = true;
                return Err(error);
            }
            self.state().anew = false;
            self.keep(frames)?;
        }
        let known = Moment::from_microseconds(question.asked.microseconds().saturating_sub(confirmed.age.max(0)));
        if !self.plane.confirm(confirmed.epoch, known) {
            self.state().anew = true;
            return Err(FollowError::NotConfirmed);
        }
        Ok(())
    }

    /// The node's moment must lie between question and answer; what is beyond is how far the clocks are apart at least.
    fn clocks(&self, asked: Moment, told: Moment, now: Moment) -> Result<(), FollowError> {
        let (asked, told, now) = (asked.microseconds(), told.microseconds(), now.microseconds());
        let ahead = asked.saturating_sub(told).max(0);
        let behind = told.saturating_sub(now).max(0);
        let off = ahead.max(behind) > BOOK_STALE_SECONDS * 1_000_000;
        self.plane.clock_is_off(off);
        let seconds = (ahead - behind) / 1_000_000;
        if off { Err(FollowError::ClockOff { seconds }) } else { Ok(()) }
    }

    fn take_frames(&self, mut frames: &[u8]) -> Result<(), FollowError> {
        while let Some(frame) = Frame::next(&self.seal, &mut frames)? {
            match frame {
                Frame::Part(part) => {
                    let book = part.open(&self.enrolment.book)?;
                    self.ours(&book.node, &book.grants, &book.mask_keys)?;
                    self.plane.take(book)?;
                }
                Frame::Change(change) => {
                    let change = change.open(&self.enrolment.book)?;
                    self.ours(&change.node, &change.grants, &change.mask_keys)?;
                    self.plane.take_change(change)?;
                }
            }
        }
        Ok(())
    }

    /// Every grant is of the gateway's provider and has its mask key: with another one, what is hidden here would not be
    /// what is hidden elsewhere.
    fn ours(&self, node: &str, grants: &[GrantTerms], keys: &[(GrantId, [u8; 32])]) -> Result<(), FollowError> {
        if node != self.enrolment.node {
            return Err(FollowError::Foreign("the book of another node"));
        }
        let keys: BTreeSet<GrantId> = keys.iter().map(|(grant, _)| *grant).collect();
        for terms in grants {
            if terms.provider != self.enrolment.provider {
                return Err(FollowError::Foreign("a grant of another provider"));
            }
            if !keys.contains(&terms.id) {
                return Err(FollowError::Foreign("a grant without its mask key"));
            }
        }
        Ok(())
    }

    /// Keeps what was taken, sealed as it came: a snapshot in place of everything, a change behind the rest.
    fn keep(&self, frames: &[u8]) -> Result<(), FollowError> {
        let mut first = frames;
        let is_snapshot = matches!(Frame::next(&self.seal, &mut first)?, Some(Frame::Part(_)));
        if is_snapshot {
            let new = self.kept.with_extension("new");
            fs::write(&new, frames)?;
            fs::rename(new, &self.kept)?;
        } else {
            let mut file = fs::OpenOptions::new().append(true).create(true).open(&self.kept)?;
            file.write_all(frames)?;
            if file.metadata()?.len() > KEPT_BYTES_MAX {
                self.state().anew = true;
            }
        }
        Ok(())
    }

    /// What is to be reported, sealed; `None` when the node knows everything.
    pub fn report(&self) -> Option<Vec<u8>> {
        let head = self.plane.usage_head();
        let mut state = self.state();
        if head.size == state.told_size && !state.rest {
            return None;
        }
        let counted = self.plane.usage_counts();
        let fresh = |(grant, summary): &(GrantId, UsageSummary)| state.told.get(grant) != Some(summary);
        let mut changed: Vec<_> = counted.grants.into_iter().filter(fresh).collect();
        let rest = changed.len() > REPORTED_MAX;
        changed.truncate(REPORTED_MAX);
        let form = |(grant, summary): &(GrantId, UsageSummary)| GrantReport {
            grant: grant.to_string(),
            calls: summary.calls,
            rows: summary.rows,
            refused: summary.refused,
            last_at: summary.last_at.map(Moment::microseconds),
            legacy_calls: summary.legacy_calls,
            legacy_last_at: summary.legacy_last_at.map(Moment::microseconds),
        };
        let report = Report {
            after: state.told_size,
            size: head.size,
            key: self.plane.usage_verifier().to_string(),
            checkpoint: head.note,
            day: counted.day.map(|day| day.to_string()),
            calls_of_day: counted.calls_of_day,
            grants: changed.iter().map(form).collect(),
        };
        (state.sent, state.rest) = (changed, rest);
        // Strings, numbers and lists only: serialising them has no way to fail.
        Some(self.seal.seal(REPORT_SEAL, &serde_json::to_vec(&report).unwrap_or_default()))
    }

    /// The header that names this gateway to the node.
    pub fn name_header(&self) -> (&'static str, String) {
        (GATEWAY_HEADER, self.enrolment.gateway.to_string())
    }

    /// Takes the answer to a report.
    pub fn reported(&self, answer: ReportAnswer) {
        let mut state = self.state();
        let sent = std::mem::take(&mut state.sent);
        if answer.taken {
            state.told_size = answer.size;
            state.told.extend(sent);
        } else {
            // The node knows something else than was thought: it is told everything.
            (state.told_size, state.told, state.rest) = (0, HashMap::new(), true);
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
