//! Chinese words for the headings of the matrix.

use shuqiao_domain::case::CaseKind;
use shuqiao_policy::Action;
use shuqiao_vocabulary::Role;

use crate::matrix::WITHDRAWN_EARLY;

pub(crate) fn state(state: &str) -> &'static str {
    match state {
        "draft" => "草稿",
        "awaiting_head" => "待部门负责人审核",
        "filed" => "已报送",
        "published" => "已发布",
        "update_draft" => "更新编制中",
        "update_awaiting_head" => "更新待部门负责人审核",
        "update_filed" => "更新已报送",
        "retirement_awaiting_head" => "撤销待部门负责人审核",
        "retirement_filed" => "撤销已报送",
        "retired" => "已撤销",
        "awaiting_consent" => "待工作机构负责人同意",
        "received" => "已收到",
        "supplement_asked" => "待补充材料",
        "proposed" => "待答复审定",
        "agreed" => "已同意",
        "answered" => "已反馈",
        "refused" => "不同意",
        "withdrawn" => "已撤回",
        WITHDRAWN_EARLY => "收到前撤回",
        "active" => "生效",
        "suspended" => "已暂停",
        "revoked" => "已终止",
        "expired" => "已到期",
        _ => "",
    }
}

pub(crate) fn case(kind: CaseKind) -> &'static str {
    match kind {
        CaseKind::Correction => "校核纠错",
    }
}

pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::DataOfficer => "数据专员",
        Role::OfficeHead => "机构负责人",
        Role::DepartmentHead => "部门负责人",
        Role::AuthorityOfficer => "主管经办人",
        Role::Developer => "开发人员",
        Role::Auditor => "安全审计员",
        Role::Inspector => "检查人员",
        Role::SystemAdministrator => "系统管理员",
        Role::SecurityAdministrator => "安全管理员",
    }
}

pub(crate) fn action(action: Action) -> &'static str {
    match action {
        Action::PersonCreate => "新建账号",
        Action::PersonRead => "查看账号",
        Action::PersonReset => "重置首次登录",
        Action::PersonUnlock => "解锁账号",
        Action::PersonDeactivate => "停用账号",
        Action::OrganisationCreate => "新建机构",
        Action::OrganisationRead => "查看机构",
        Action::SourceCreate => "接入数据源",
        Action::SourceRead => "查看数据源",
        Action::SourceDescribe => "重新读取结构",
        Action::IntakeUpload => "上传文件",
        Action::CatalogueCreate => "新建目录",
        Action::CatalogueRead => "查看目录",
        Action::CatalogueEdit => "编辑目录",
        Action::CatalogueSubmit => "提交目录",
        Action::CatalogueApprove => "审核同意",
        Action::CatalogueReturn => "退回",
        Action::CataloguePublish => "审核发布",
        Action::RequestCreate => "新建申请",
        Action::RequestRead => "查看申请",
        Action::RequestEdit => "编辑申请",
        Action::RequestSubmit => "提交申请",
        Action::RequestConsent => "同意申请",
        Action::RequestDecline => "不同意申请",
        Action::RequestWithdraw => "撤回申请",
        Action::RequestAskSupplement => "一次性告知",
        Action::RequestSupplement => "补充材料",
        Action::RequestPropose => "拟办答复",
        Action::RequestReturnProposal => "退回拟办",
        Action::RequestDecide => "审定答复",
        Action::GrantRead => "查看授权",
        Action::GrantRevoke => "终止授权",
        Action::GrantTry => "试调用",
        Action::UsageRead => "查看使用记录",
        Action::SystemCreate => "登记系统",
        Action::SystemRead => "查看系统",
        Action::SystemRotate => "更换密钥",
        Action::SystemDeactivate => "停用系统",
        Action::CaseRead => "查看案件",
        Action::CorrectionOpen => "提出校核",
        Action::CorrectionAnswer => "反馈校核结果",
        Action::CorrectionAcknowledge => "知悉校核结果",
        Action::CorrectionWithdraw => "撤回校核",
        Action::JournalRead => "查看日志",
        Action::StatisticsRead => "查看统计",
        Action::CalendarRead => "查看日历规则",
        Action::CalendarNoticeAdd => "录入放假通知",
        Action::RuleSetAdopt => "发布规则集",
        Action::ReminderRead => "查看提醒",
        Action::RequestAskExtension => "申请延期",
        Action::RequestGrantExtension => "同意延期",
        Action::RequestRefuseExtension => "不同意延期",
        Action::RequestConfirmDelivery => "确认提供",
        Action::RequestReportUndelivered => "反馈无法使用",
        Action::CatalogueWorkRead => "查看在办版本",
        Action::CatalogueUpdate => "更新目录",
        Action::CatalogueDiscard => "放弃更新",
        Action::CatalogueProposeRetirement => "拟撤销",
        Action::CatalogueRetire => "审定撤销",
        Action::CatalogueRecordChange => "登记调整变化",
        Action::CatalogueAskExtension => "申请延期",
        Action::CatalogueDecideExtension => "审定延期",
        Action::AnnouncementRead => "查看通告",
        Action::PaperIssue => "出具文书",
        Action::PaperRead => "查看文书",
    }
}
