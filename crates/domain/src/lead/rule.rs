//! The rules by which leads are raised, and what shows them.

use shuqiao_vocabulary::{Article, closed_list};

closed_list! {
    /// What should be looked at. One rule for each item of Art. 39-41 that a node can tell.
    LeadRule {
        /// The catalogue was not updated in time (Art. 39(1)(1)).
        CatalogueUpdateOverdue = "catalogue_update_overdue",
        /// A reply rests on a condition that the published entry lacks, or asks for papers again (Art. 39(1)(2)).
        ConditionAdded = "condition_added",
        /// The source department says that it was not helped, and nothing was answered (Art. 39(1)(3)).
        CooperationOverdue = "cooperation_overdue",
        /// A request was not answered in time (Art. 39(1)(4)).
        ReplyOverdue = "reply_overdue",
        /// Data was not delivered in time (Art. 39(1)(4)).
        DeliveryOverdue = "delivery_overdue",
        /// A return flow is missing or late (Art. 39(1)(5)).
        ReturnFlowOverdue = "return_flow_overdue",
        /// A correction was not made in time (Art. 39(1)(6)).
        CorrectionOverdue = "correction_overdue",
        /// A service cannot be reached, or changed, without a filing (Art. 39(1)(7)).
        ServiceChanged = "service_changed",
        /// Data is collected that could be shared (Art. 40(1)(1)).
        RepeatCollection = "repeat_collection",
        /// Calls for another purpose were refused (Art. 40(1)(2)).
        PurposeMismatch = "purpose_mismatch",
        /// Data was not disposed of in time (Art. 40(1)(4)).
        DisposalOverdue = "disposal_overdue",
        /// A usage record is missing (Art. 40(1)(5)).
        UsageRecordMissing = "usage_record_missing",
        /// An incident happened where shared data is used (Art. 40(1)(6)).
        SecurityIncident = "security_incident",
        /// An element has several providers and no designated source (Art. 41(1)(1)).
        SourceNotDesignated = "source_not_designated",
        /// A dispute has waited long (Art. 41(1)(2)).
        DisputeAgeing = "dispute_ageing",
        /// An updated catalogue was not reviewed and published in time (Art. 17(3), 41(1)(3)).
        CatalogueReviewOverdue = "catalogue_review_overdue",
    }
}

impl LeadRule {
    /// The item of the law that it is about.
    pub const fn article(self) -> Article {
        match self {
            Self::CatalogueUpdateOverdue => Article::item(39, 1, 1),
            Self::ConditionAdded => Article::item(39, 1, 2),
            Self::CooperationOverdue => Article::item(39, 1, 3),
            Self::ReplyOverdue | Self::DeliveryOverdue => Article::item(39, 1, 4),
            Self::ReturnFlowOverdue => Article::item(39, 1, 5),
            Self::CorrectionOverdue => Article::item(39, 1, 6),
            Self::ServiceChanged => Article::item(39, 1, 7),
            Self::RepeatCollection => Article::item(40, 1, 1),
            Self::PurposeMismatch => Article::item(40, 1, 2),
            Self::DisposalOverdue => Article::item(40, 1, 4),
            Self::UsageRecordMissing => Article::item(40, 1, 5),
            Self::SecurityIncident => Article::item(40, 1, 6),
            Self::SourceNotDesignated => Article::item(41, 1, 1),
            Self::DisputeAgeing => Article::item(41, 1, 2),
            Self::CatalogueReviewOverdue => Article::item(41, 1, 3),
        }
    }

    /// What should be looked at, in words that judge nothing.
    pub const fn in_chinese(self) -> &'static str {
        match self {
            Self::CatalogueUpdateOverdue => "目录更新超过期限",
            Self::ConditionAdded => "答复所依据的条件未见于已发布目录，或重复要求补充材料",
            Self::CooperationOverdue => "数源部门反映未配合更新数据，尚未答复",
            Self::ReplyOverdue => "答复超过期限",
            Self::DeliveryOverdue => "提供数据超过期限",
            Self::ReturnFlowOverdue => "数据回流缺失或超过期限",
            Self::CorrectionOverdue => "核实更正超过期限",
            Self::ServiceChanged => "共享服务不可用或结构变化，未见备案",
            Self::RepeatCollection => "收集的数据可以通过共享获取",
            Self::PurposeMismatch => "调用目的与授权目的不一致",
            Self::DisposalOverdue => "数据处置超过期限",
            Self::UsageRecordMissing => "使用记录缺失",
            Self::SecurityIncident => "使用共享数据的单位发生安全事件",
            Self::SourceNotDesignated => "同一数据有多个提供部门，尚未明确数源部门",
            Self::DisputeAgeing => "争议处理时间较长",
            Self::CatalogueReviewOverdue => "目录更新审核发布超过期限",
        }
    }
}

closed_list! {
    /// What a piece of evidence is.
    EvidenceSort {
        /// A record of the journal, by its index.
        Record = "record",
        /// A usage record, by its index.
        UsageRecord = "usage_record",
        /// A catalogue entry, by its id.
        Entry = "entry",
        /// A request, by its number.
        Request = "request",
        /// A grant, by its number.
        Grant = "grant",
        /// A case, by its number.
        Case = "case",
        /// A moment, such as when something was due.
        Moment = "moment",
        /// A name of what is known, such as a data element.
        Name = "name",
    }
}

/// Something that shows what a lead says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it is.
    pub sort: EvidenceSort,
    /// Which one: an id, a number, an index, a moment.
    pub reference: String,
    /// What it shows; perhaps nothing more than that it exists.
    pub note: String,
}

impl Evidence {
    /// A piece of evidence that speaks for itself.
    pub fn new(sort: EvidenceSort, reference: impl std::fmt::Display) -> Self {
        Self { sort, reference: reference.to_string(), note: String::new() }
    }

    /// With what it shows.
    #[must_use]
    pub fn noting(self, note: impl std::fmt::Display) -> Self {
        Self { note: note.to_string(), ..self }
    }
}
