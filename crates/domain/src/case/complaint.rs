//! Complaints and reports (投诉、举报, Art. 37(2)): a citizen or an organisation says that sharing infringes its rights.
//! Whoever receives it hands it to the competent department, at most once to each, and it is handled and answered.
//! The law sets no number of days, so no clock runs.
//!
//! Who complains is not kept here: only the number of the paper file that holds it. What looks like a citizen's number is
//! refused wherever text is entered.

use super::{About, Case, CaseKind, Facts, Next, Opening, Procedure};
use crate::{Problem, ProblemCode, Refusal, RefusalCode, Stamp, law, refusal::text_without_people};
use shuqiao_vocabulary::{CatalogueEntryId, OrganisationId, closed_list};

/// Characters of the paper file's number.
const FILE_REFERENCE_MAX: usize = 40;

closed_list! {
    /// Who complains (投诉人类型); never which person.
    Complainant {
        /// A citizen (公民).
        Citizen = "citizen",
        /// A legal person or other organisation (法人和其他组织).
        Organisation = "organisation",
    }
}

closed_list! {
    /// How it came in (受理渠道).
    ComplaintChannel {
        /// A letter (来信).
        Letter = "letter",
        /// A visit (来访).
        Visit = "visit",
        /// By telephone (热线).
        Hotline = "hotline",
        /// On line (网上).
        Online = "online",
        /// Passed on by another body (转办).
        Referral = "referral",
    }
}

closed_list! {
    /// What it is about (投诉事项).
    ComplaintTopic {
        /// Personal information (个人信息).
        PersonalInformation = "personal_information",
        /// Data that is wrong (数据错误).
        WrongData = "wrong_data",
        /// Papers asked for again although they can be shared (重复提交材料).
        RepeatedPapers = "repeated_papers",
        /// Data used for something else (超目的使用).
        OtherPurpose = "other_purpose",
        /// Something else (其他).
        Other = "other",
    }
}

closed_list! {
    /// What handling it came to (处理结果).
    ComplaintOutcome {
        /// It is as was said (属实).
        Substantiated = "substantiated",
        /// In part (部分属实).
        Partly = "partly",
        /// It is not (不属实).
        Unfounded = "unfounded",
    }
}

/// A complaint as it was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Who complains, in kind.
    pub complainant: Complainant,
    /// How it came in.
    pub channel: ComplaintChannel,
    /// Whether the paper file names nobody.
    pub anonymous: bool,
    /// The number of the paper file: letters, digits and `-/〔〕()` only.
    pub file_reference: String,
    /// What it is about, in kind.
    pub topic: ComplaintTopic,
    /// What it says, without anybody's name or number.
    pub what: String,
    /// The catalogue entry it is about, where that is known.
    pub entry: Option<CatalogueEntryId>,
}

closed_list! {
    /// Where a complaint stands.
    ComplaintState {
        /// Taken in.
        Received = "received",
        /// Handed to another department.
        Transferred = "transferred",
        /// Being handled.
        Handling = "handling",
        /// Answered.
        Answered = "answered",
        /// Closed.
        Closed = "closed",
    }
}

closed_list! {
    /// What can be done to a complaint.
    ComplaintVerb {
        /// Who has it hands it to the competent department.
        Transfer = "transfer",
        /// Who has it notes what was done.
        Handle = "handle",
        /// Who has it answers.
        Answer = "answer",
        /// Who has it closes it.
        Close = "close",
    }
}

/// What is done to a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComplaintAct {
    /// Handed on.
    Transfer {
        /// To whom.
        to: OrganisationId,
        /// Why there.
        reason: String,
    },
    /// Something was done.
    Handle {
        /// What.
        note: String,
    },
    /// Answered.
    Answer {
        /// What it came to.
        outcome: ComplaintOutcome,
        /// What was answered.
        text: String,
    },
    /// Closed.
    Close {
        /// How.
        note: String,
    },
}

impl Procedure for Complaint {
    const KIND: CaseKind = CaseKind::Complaint;
    const OPENED: &'static str = "ComplaintReceived";
    type State = ComplaintState;
    type Verb = ComplaintVerb;
    type Act = ComplaintAct;

    fn verb(act: &ComplaintAct) -> ComplaintVerb {
        match act {
            ComplaintAct::Transfer { .. } => ComplaintVerb::Transfer,
            ComplaintAct::Handle { .. } => ComplaintVerb::Handle,
            ComplaintAct::Answer { .. } => ComplaintVerb::Answer,
            ComplaintAct::Close { .. } => ComplaintVerb::Close,
        }
    }

    fn event(verb: ComplaintVerb) -> &'static str {
        match verb {
            ComplaintVerb::Transfer => "ComplaintTransferred",
            ComplaintVerb::Handle => "ComplaintHandled",
            ComplaintVerb::Answer => "ComplaintAnswered",
            ComplaintVerb::Close => "ComplaintClosed",
        }
    }

    fn admits(state: ComplaintState, verb: ComplaintVerb) -> bool {
        use ComplaintVerb::{Answer, Close, Handle, Transfer};
        match state {
            ComplaintState::Received | ComplaintState::Transferred => matches!(verb, Transfer | Handle),
            ComplaintState::Handling => matches!(verb, Handle | Answer),
            ComplaintState::Answered => verb == Close,
            ComplaintState::Closed => false,
        }
    }

    fn settled(state: ComplaintState) -> bool {
        state == ComplaintState::Closed
    }

    fn about(&self) -> About {
        self.entry.map(About::entry).unwrap_or_default()
    }

    /// The entry's name or nothing: what was complained of is for those who handle it, not for lists.
    fn title(&self, facts: &Facts<'_>) -> String {
        facts.entry.map(|entry| entry.content.name.clone()).unwrap_or_default()
    }

    fn open(&self, facts: &Facts<'_>, by: &Stamp) -> Result<Opening<ComplaintState>, Refusal> {
        text_without_people("what", &self.what)?;
        text_without_people("file_reference", &self.file_reference)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || "-/〔〕()（）号".contains(c);
        let reference = self.file_reference.trim();
        if !reference.chars().all(fits) || reference.chars().count() > FILE_REFERENCE_MAX {
            let problem = Problem::new("file_reference", ProblemCode::TypeMismatch, Some(law::COMPLAINT));
            return Err(incomplete(problem.with("max", FILE_REFERENCE_MAX)));
        }
        Ok(Opening::against(ComplaintState::Received, by.organisation).before(facts.authority_of(by.organisation)))
    }

    fn decide(
        case: &Case<Self>,
        act: &ComplaintAct,
        facts: &Facts<'_>,
        _: &Stamp,
    ) -> Result<Next<ComplaintState>, Refusal> {
        match act {
            ComplaintAct::Transfer { to, reason } => {
                text_without_people("reason", reason)?;
                facts.organisation(*to)?;
                let before = case
                    .steps
                    .iter()
                    .any(|step| matches!(step.act, ComplaintAct::Transfer { to: had, .. } if had == *to));
                // Once each: nobody who had it gets it again, so that it cannot be passed round for ever.
                if before || *to == case.opener {
                    return Err(incomplete(Problem::new("to", ProblemCode::Duplicate, Some(law::COMPLAINT))));
                }
                Ok(Next::to(ComplaintState::Transferred)
                    .with_respondent(*to)
                    .with_authority(facts.authority_of(*to).unwrap_or(*to)))
            }
            ComplaintAct::Handle { note } => {
                text_without_people("note", note)?;
                Ok(Next::to(ComplaintState::Handling))
            }
            ComplaintAct::Answer { text, .. } => {
                text_without_people("text", text)?;
                Ok(Next::to(ComplaintState::Answered))
            }
            ComplaintAct::Close { note } => {
                text_without_people("note", note)?;
                Ok(Next::to(ComplaintState::Closed))
            }
        }
    }
}

fn incomplete(problem: Problem) -> Refusal {
    Refusal { problems: vec![problem], ..Refusal::new(RefusalCode::CaseIncomplete, Some(law::COMPLAINT)) }
}
