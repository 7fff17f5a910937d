//! The closed list of actions.

use shuqiao_domain::case::CaseKind;
use shuqiao_vocabulary::closed_list;

/// What the actions of opening a case end with.
const OPENS_A_CASE: &str = "_open";

closed_list! {
    /// What somebody wants to do (操作). The spellings stand in the policies, the journal and the wire, for ever.
    Action {
        /// Make an account.
        PersonCreate = "person_create",
        /// See an account: name, organisation, roles.
        PersonRead = "person_read",
        /// Give a person a new first login.
        PersonReset = "person_reset",
        /// Unlock an account.
        PersonUnlock = "person_unlock",
        /// Close an account.
        PersonDeactivate = "person_deactivate",
        /// Enter an organisation.
        OrganisationCreate = "organisation_create",
        /// See the list of organisations.
        OrganisationRead = "organisation_read",
        /// Connect a source (数据源).
        SourceCreate = "source_create",
        /// See a source and its structure.
        SourceRead = "source_read",
        /// Read the structure of a source again.
        SourceDescribe = "source_describe",
        /// Place a file in the own organisation's intake folder.
        IntakeUpload = "intake_upload",
        /// Begin a catalogue entry (编目).
        CatalogueCreate = "catalogue_create",
        /// See a catalogue entry.
        CatalogueRead = "catalogue_read",
        /// Change a draft entry.
        CatalogueEdit = "catalogue_edit",
        /// Put a draft entry before the head of the department.
        CatalogueSubmit = "catalogue_submit",
        /// Approve an entry as head of the department (部门负责人审核同意, Art. 13(1)).
        CatalogueApprove = "catalogue_approve",
        /// Send an entry back to its drafter (退回).
        CatalogueReturn = "catalogue_return",
        /// Publish an entry as the sharing authority (审核、通告, Art. 16(1)).
        CataloguePublish = "catalogue_publish",
        /// Begin a sharing request (共享申请).
        RequestCreate = "request_create",
        /// See a sharing request.
        RequestRead = "request_read",
        /// Change a request's content.
        RequestEdit = "request_edit",
        /// Put a request before the head of the sharing office.
        RequestSubmit = "request_submit",
        /// Consent to asking, as head of the requester's sharing office (Art. 20(2)).
        RequestConsent = "request_consent",
        /// Decline to ask; the request goes back to its drafter.
        RequestDecline = "request_decline",
        /// Withdraw a request (撤回).
        RequestWithdraw = "request_withdraw",
        /// Tell once everything that is missing (一次性告知, Art. 21(2)).
        RequestAskSupplement = "request_ask_supplement",
        /// Supply what was missing (补正).
        RequestSupplement = "request_supplement",
        /// Propose a reply (拟办答复).
        RequestPropose = "request_propose",
        /// Send a proposed reply back to its proposer.
        RequestReturnProposal = "request_return_proposal",
        /// Consent to the proposed reply, as head of the provider's sharing office (Art. 20(3)); it takes effect.
        RequestDecide = "request_decide",
        /// See a grant (授权).
        GrantRead = "grant_read",
        /// End a grant before its time (终止共享).
        GrantRevoke = "grant_revoke",
        /// Try a grant from the console (试调用).
        GrantTry = "grant_try",
        /// See the usage records of a grant (使用记录, Art. 29(2)).
        UsageRead = "usage_read",
        /// Register a system that calls data services (业务系统).
        SystemCreate = "system_create",
        /// See a system.
        SystemRead = "system_read",
        /// Give a system a new secret.
        SystemRotate = "system_rotate",
        /// Close a system.
        SystemDeactivate = "system_deactivate",
        /// Register and retire a system's public keys; say from where and how it calls.
        SystemIdentify = "system_identify",
        /// See a case (案件).
        CaseRead = "case_read",
        /// Doubt data and ask for its correction (校核申请, Art. 26(2)).
        CorrectionOpen = "correction_open",
        /// Feed back what verifying came to (核实、更正、反馈).
        CorrectionAnswer = "correction_answer",
        /// Take note of a verdict on data that was received.
        CorrectionAcknowledge = "correction_acknowledge",
        /// Withdraw a correction.
        CorrectionWithdraw = "correction_withdraw",
        /// Suspend a grant for misuse and order that it is put right (暂停、责令限期整改, Art. 27(2)).
        RectificationOpen = "rectification_open",
        /// Report what was put right (整改报告).
        RectificationReport = "rectification_report",
        /// Refuse to put it right (拒不整改).
        RectificationRefuse = "rectification_refuse",
        /// Find that it was put right; the grant delivers again (整改到位).
        RectificationAccept = "rectification_accept",
        /// Find that it is not enough yet, and set one more day.
        RectificationReject = "rectification_reject",
        /// Find that it was not put right (整改不到位).
        RectificationFail = "rectification_fail",
        /// End the sharing after it was not put right (终止共享, Art. 27(2)).
        RectificationTerminate = "rectification_terminate",
        /// Withdraw a suspension that was wrong.
        RectificationWithdraw = "rectification_withdraw",
        /// Open the disposal of data of a grant that has ended (妥善处置, Art. 27(1)).
        DisposalOpen = "disposal_open",
        /// Say what becomes of the data (提出处置要求).
        DisposalInstruct = "disposal_instruct",
        /// Show that it was done (处置证明).
        DisposalProve = "disposal_prove",
        /// Verify that it was done (核验).
        DisposalVerify = "disposal_verify",
        /// Find that it was not done.
        DisposalReject = "disposal_reject",
        /// Propose to change or end a delivered service (变更、终止服务协商, Art. 27(3)).
        ServiceChangeOpen = "service_change_open",
        /// Agree to the change of a service.
        ServiceChangeAgree = "service_change_agree",
        /// Object to the change of a service.
        ServiceChangeObject = "service_change_object",
        /// File the change of a service (备案).
        ServiceChangeFile = "service_change_file",
        /// Not file a change without proper reason.
        ServiceChangeRefuseFiling = "service_change_refuse_filing",
        /// Carry out a filed change on its day.
        ServiceChangeTakeEffect = "service_change_take_effect",
        /// Give up the change of a service.
        ServiceChangeWithdraw = "service_change_withdraw",
        /// Ask for a wider scope, another purpose or a third party (Art. 25(1)).
        UseChangeOpen = "use_change_open",
        /// Let the question go out, as head of the requester's sharing office.
        UseChangeSend = "use_change_send",
        /// Propose an answer (拟办).
        UseChangePropose = "use_change_propose",
        /// Consent to another use, as head of the provider's sharing office.
        UseChangeConsent = "use_change_consent",
        /// Refuse another use, as head of the provider's sharing office.
        UseChangeRefuse = "use_change_refuse",
        /// Withdraw the question.
        UseChangeWithdraw = "use_change_withdraw",
        /// File a record of use (使用记录, Art. 29(2)).
        UsageRecordOpen = "usage_record_open",
        /// Add to a record of use.
        UsageRecordSupplement = "usage_record_supplement",
        /// Plan an inspection (监督检查, Art. 29(1)).
        InspectionOpen = "inspection_open",
        /// Write down a finding.
        InspectionFind = "inspection_find",
        /// Give notice to the inspected department.
        InspectionNotify = "inspection_notify",
        /// Answer a notice.
        InspectionRespond = "inspection_respond",
        /// Verify what was put right.
        InspectionVerify = "inspection_verify",
        /// Close an inspection.
        InspectionClose = "inspection_close",
        /// Circulate a notice of criticism (通报).
        InspectionCirculate = "inspection_circulate",
        /// Take in a complaint (投诉举报, Art. 37(2)).
        ComplaintOpen = "complaint_open",
        /// Hand a complaint to the competent department.
        ComplaintTransfer = "complaint_transfer",
        /// Note what was done about a complaint.
        ComplaintHandle = "complaint_handle",
        /// Answer a complaint.
        ComplaintAnswer = "complaint_answer",
        /// Close a complaint.
        ComplaintClose = "complaint_close",
        /// Open a data security incident (安全事件, Art. 35(3)).
        IncidentOpen = "incident_open",
        /// Note a measure against an incident.
        IncidentMeasure = "incident_measure",
        /// Note that an incident was reported.
        IncidentReport = "incident_report",
        /// Say that an incident is contained.
        IncidentContain = "incident_contain",
        /// Close an incident with what was learnt.
        IncidentClose = "incident_close",
        /// Order rectification out of an incident that shows misuse (Art. 27(2)).
        IncidentOrderRectification = "incident_order_rectification",
        /// Propose the engagement of a contractor (委托, Art. 36(1)).
        EngagementOpen = "engagement_open",
        /// Approve an engagement, or its extension, as head of the department.
        EngagementApprove = "engagement_approve",
        /// Send an engagement, or its extension, back.
        EngagementReturn = "engagement_return",
        /// Propose a later last day of an engagement.
        EngagementExtend = "engagement_extend",
        /// End an engagement.
        EngagementEnd = "engagement_end",
        /// Enter a lead (线索, Art. 39-41).
        LeadOpen = "lead_open",
        /// Take a lead.
        LeadTake = "lead_take",
        /// Dismiss a lead.
        LeadDismiss = "lead_dismiss",
        /// Pursue a lead by an inspection.
        LeadPursue = "lead_pursue",
        /// Refer a lead to a body outside.
        LeadRefer = "lead_refer",
        /// Begin a dispute (共享争议, Art. 28).
        DisputeOpen = "dispute_open",
        /// Put a position on record.
        DisputeStatePosition = "dispute_state_position",
        /// Offer the text of an agreement.
        DisputeOffer = "dispute_offer",
        /// Agree to the text (达成一致).
        DisputeSign = "dispute_sign",
        /// Do not agree to the text.
        DisputeDecline = "dispute_decline",
        /// Apply to the competent authority (申请协调处理).
        DisputeApply = "dispute_apply",
        /// Hand a dispute on to another authority.
        DisputeHandOn = "dispute_hand_on",
        /// Hear the parties.
        DisputeHear = "dispute_hear",
        /// Propose how to settle it.
        DisputePropose = "dispute_propose",
        /// Accept the proposal.
        DisputeAccept = "dispute_accept",
        /// Do not accept the proposal.
        DisputeReject = "dispute_reject",
        /// Report to the people's government (报本级人民政府决定).
        DisputeEscalate = "dispute_escalate",
        /// Record what the people's government decided.
        DisputeDecide = "dispute_decide",
        /// Ask anew for what was refused.
        DisputeAskAnew = "dispute_ask_anew",
        /// Withdraw a dispute.
        DisputeWithdraw = "dispute_withdraw",
        /// Order a return flow (数据回流, Art. 24).
        ReturnFlowOpen = "return_flow_open",
        /// Say how the systems are docked (系统对接).
        ReturnFlowAccept = "return_flow_accept",
        /// Report what was returned.
        ReturnFlowReportRun = "return_flow_report_run",
        /// Say whether it was usable.
        ReturnFlowConfirmRun = "return_flow_confirm_run",
        /// End a return flow as its receiver.
        ReturnFlowEnd = "return_flow_end",
        /// Begin the designation of a source department (数源部门, Art. 19(2)).
        SourceDesignationOpen = "source_designation_open",
        /// Say as a collecting department what it thinks.
        SourceDesignationStateOpinion = "source_designation_state_opinion",
        /// Designate the source department.
        SourceDesignationDesignate = "source_designation_designate",
        /// Report a collector that does not cooperate (Art. 39(3)).
        SourceDesignationReportNotCooperating = "source_designation_report_not_cooperating",
        /// Say as that collector what was done.
        SourceDesignationCooperate = "source_designation_cooperate",
        /// Close a designation.
        SourceDesignationClose = "source_designation_close",
        /// Register a demand (供需对接, Art. 20(1)).
        DemandOpen = "demand_open",
        /// Name an entry that has the data.
        DemandMatch = "demand_match",
        /// Name the department that should have the data.
        DemandDispatch = "demand_dispatch",
        /// Accept to catalogue the data.
        DemandAccept = "demand_accept",
        /// Decline, with the reason.
        DemandDecline = "demand_decline",
        /// Name the entry that was published.
        DemandFulfil = "demand_fulfil",
        /// Say that nobody has the data.
        DemandUnmet = "demand_unmet",
        /// Have it taken up again.
        DemandReopen = "demand_reopen",
        /// Withdraw a demand.
        DemandWithdraw = "demand_withdraw",
        /// See the data elements, their source departments, and what several departments collect (一数一源).
        DataElementRead = "data_element_read",
        /// Read the journal (日志).
        JournalRead = "journal_read",
        /// See the few numbers of the landing page (统计).
        StatisticsRead = "statistics_read",
        /// See scorecards (评价指标, Art. 38(2)).
        ScorecardRead = "scorecard_read",
        /// Have scorecards computed anew from the journal alone.
        ScorecardRecomputedRead = "scorecard_recomputed_read",
        /// See the calendar and the rule sets, and count deadlines by them.
        CalendarRead = "calendar_read",
        /// Add a notice to the calendar (录入放假通知).
        CalendarNoticeAdd = "calendar_notice_add",
        /// Adopt a rule set (发布规则集, Art. 23).
        RuleSetAdopt = "rule_set_adopt",
        /// See the own reminders and say that they were read (提醒).
        ReminderRead = "reminder_read",
        /// Ask for more time to reply (延长答复期限, Art. 21(1)).
        RequestAskExtension = "request_ask_extension",
        /// Consent to more time, as the authority of the provider's level and region.
        RequestGrantExtension = "request_grant_extension",
        /// Do not consent to more time.
        RequestRefuseExtension = "request_refuse_extension",
        /// Confirm that what is delivered can be used (确认提供, Art. 22(1)).
        RequestConfirmDelivery = "request_confirm_delivery",
        /// Report that nothing usable was delivered.
        RequestReportUndelivered = "request_report_undelivered",
        /// See what is under way with a published entry: its next version, or its retirement.
        CatalogueWorkRead = "catalogue_work_read",
        /// Begin the next version of a published entry (更新目录, Art. 17).
        CatalogueUpdate = "catalogue_update",
        /// Give up the next version of an entry.
        CatalogueDiscard = "catalogue_discard",
        /// Propose to retire an entry (拟撤销目录).
        CatalogueProposeRetirement = "catalogue_propose_retirement",
        /// Retire an entry as the sharing authority (撤销目录).
        CatalogueRetire = "catalogue_retire",
        /// Record that a law, a State Council decision or a duty changed (Art. 17(2)).
        CatalogueRecordChange = "catalogue_record_change",
        /// Ask for a longer term to update an entry (申请延期, Art. 17(2)).
        CatalogueAskExtension = "catalogue_ask_extension",
        /// Consent to a longer term as the sharing authority, or not (Art. 17(2)).
        CatalogueDecideExtension = "catalogue_decide_extension",
        /// See the announcements of the catalogue (通告, Art. 16(1)).
        AnnouncementRead = "announcement_read",
        /// Have a paper made of what is recorded (出具文书).
        PaperIssue = "paper_issue",
        /// See the papers of a thing and fetch their files.
        PaperRead = "paper_read",
        /// Register a gateway (登记网关): a data plane in the provider's own network.
        GatewayCreate = "gateway_create",
        /// See the own gateways, and what is known of them.
        GatewayRead = "gateway_read",
        /// Remove a gateway (移除网关); it is denied from then on.
        GatewayRemove = "gateway_remove",
        /// Set up a task of batch exchange (批量交换任务).
        BatchTaskCreate = "batch_task_create",
        /// See the tasks of a grant and what their runs came to.
        BatchTaskRead = "batch_task_read",
        /// Begin a run of a task now.
        BatchTaskRun = "batch_task_run",
        /// Let no run of a task begin, and the one under way wait.
        BatchTaskPause = "batch_task_pause",
        /// Let a paused task stand again.
        BatchTaskResume = "batch_task_resume",
        /// End a task.
        BatchTaskEnd = "batch_task_end",
        /// Say what was counted of a run, on the receiving side (需求方核对).
        BatchRunCountersign = "batch_run_countersign",
        /// Find out whose copy of delivered rows leaked (泄露追溯).
        LeakTraceRead = "leak_trace_read",
    }
}

impl Action {
    /// Whether the action makes a new thing, so that there is nothing yet whose existence could be given away.
    pub fn makes_new(self) -> bool {
        matches!(
            self,
            Self::PersonCreate
                | Self::OrganisationCreate
                | Self::SourceCreate
                | Self::IntakeUpload
                | Self::CatalogueCreate
                | Self::RequestCreate
                | Self::SystemCreate
                | Self::GatewayCreate
                | Self::CalendarNoticeAdd
                | Self::RuleSetAdopt
        ) || self.as_str().ends_with(OPENS_A_CASE)
    }

    /// The action of opening a case of this kind; each kind has one, a test says so.
    pub fn case_open(kind: CaseKind) -> Option<Self> {
        format!("{kind}{OPENS_A_CASE}").parse().ok()
    }

    /// The action of a verb in a case of this kind; each verb has one, a test says so.
    pub fn case_act(kind: CaseKind, verb: &str) -> Option<Self> {
        format!("{kind}_{verb}").parse().ok()
    }
}
