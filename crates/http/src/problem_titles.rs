//! What each code says in Chinese and in English: the one catalogue of texts of this room. A test holds it complete.

/// Code, Chinese, English. In the order of the alphabet.
const TITLES: &[(&str, &str, &str)] = &[
    // Codes of the interface itself.
    (
        "already_done",
        "该操作已完成，一次性显示的内容不再显示",
        "This was already done; what is shown once is not shown again",
    ),
    ("body_broken", "请求内容不完整", "The body ended before it was whole"),
    ("body_too_large", "请求内容过大", "The body is too large"),
    ("cross_site_refused", "不接受来自其他网站的操作", "A write that comes from another site is refused"),
    ("cursor_invalid", "翻页位置无效，请从第一页开始", "This is not where a page of this list begins"),
    (
        "fault",
        "系统内部错误，请将请求编号告知管理员",
        "An error of the system; please tell the administrator the request id",
    ),
    ("file_too_large", "文件超过大小上限", "The file is larger than the limit"),
    ("idempotency_key_malformed", "幂等键格式不正确", "The idempotency key is not well formed"),
    ("idempotency_mismatch", "该幂等键已用于其他操作", "The idempotency key was used for something else"),
    ("if_match_malformed", "If-Match 应为带引号的版本号", "If-Match must be one revision in quotes"),
    ("if_match_missing", "请用 If-Match 说明所见的版本号", "Say with If-Match which revision you saw"),
    ("json_expected", "请求内容应为 JSON", "The body must be JSON"),
    ("json_malformed", "请求内容不是合法的 JSON", "The body is not well-formed JSON"),
    ("json_mismatch", "请求内容不符合要求的格式", "The body is not of the form asked for"),
    ("link_invalid", "一次性链接无效、已使用或已过期", "The one-time link is unknown, used or too old"),
    ("login_failed", "登录名或密码不正确", "The login or the password is wrong"),
    ("login_locked", "登录失败次数过多，账号暂时锁定", "Too many failures; the account is locked for a while"),
    ("method_not_allowed", "该地址不支持此方法", "The path has no such method"),
    ("not_found", "未找到", "Not found"),
    ("not_permitted", "无权进行此操作", "This is not permitted"),
    ("path_refused", "地址写法不被接受", "A path written like this is refused"),
    ("query_malformed", "查询参数不符合要求的格式", "A parameter of the query is not of the form asked for"),
    ("record_unavailable", "当前无法留痕，操作未执行", "Nothing can be recorded now, so nothing was done"),
    ("session_missing", "请先登录", "Please log in"),
    ("stale_revision", "内容已被他人更新，请刷新后重试", "Somebody else changed it meanwhile; please reload"),
    ("timed_out", "处理超时", "It took too long"),
    // Refusals of the rules.
    ("address_refused", "地址范围格式不正确或过多", "It is not an address range, or there are too many"),
    ("already_done_once", "该操作只能进行一次", "It was done once already, and is done once only"),
    ("already_inactive", "已停用", "It is already closed"),
    ("answer_day_wrong", "补正答复日期应在答复期限之内", "The day to answer lies outside of the reply's term"),
    ("authority_exists", "本级本地区已有主管部门", "This level and region have a sharing authority already"),
    (
        "cart_entries",
        "合并申请须选择目录，不得过多或重复",
        "An application names at least one entry, none twice, not too many",
    ),
    ("case_already_there", "同一事项已有此类案件", "There is already such a case about this"),
    ("case_incomplete", "案件内容不完整或前后矛盾", "The case is incomplete or contradicts itself"),
    ("case_kind_mismatch", "该操作不适用于此类案件", "This act is meant for another kind of case"),
    ("case_subject_missing", "案件所涉事项不存在", "What the case is about is not there"),
    ("change_in_future", "尚未发生的调整、变化不能登记", "A change is recorded once it has happened"),
    ("change_not_open", "没有该项调整、变化，或其时限已停止", "There is no such change, or its clock stands"),
    ("deadline_out_of_range", "工作日历无法推算办结期限", "The calendar cannot say when the term ends"),
    ("delivery_settled", "数据提供已确认或已终结", "The clock of delivery has stopped"),
    ("entry_incomplete", "目录内容不完整或前后矛盾", "The catalogue entry is incomplete or contradicts itself"),
    ("entry_not_published", "目录尚未发布", "The catalogue entry is not published"),
    ("entry_not_shared", "该数据不予共享", "This data is not shared"),
    ("extension_already_asked", "延期已申请或已获同意", "An extension is open or was granted before"),
    ("extension_not_asked", "没有待决定的延期申请", "No extension waits for a decision"),
    ("extension_too_long", "延长的期限超出法定上限或为零", "An extension has at least one day and at most the law's"),
    ("extension_too_late", "期限已过，不能再延长", "The term is over; it cannot be made longer any more"),
    ("filing_number_required", "协商终止须填写备案编号", "Ending a service by agreement needs its filing number"),
    (
        "live_grants",
        "仍有生效的授权，须先协商终止服务并备案",
        "Grants on it are in force; their service ends only after negotiation and filing",
    ),
    ("key_missing", "该系统没有此有效密钥", "The system has no such key in its time"),
    ("key_period_refused", "密钥有效期不合理，最长两年", "The key's time is over, too long, or ends before it begins"),
    ("key_refused", "不是可接受的公钥", "It is not a public key that is taken"),
    ("key_taken", "密钥名称或密钥已登记过", "The system has a key of this name, or this key"),
    ("keys_too_many", "有效密钥过多，请先停用旧密钥", "The system has too many keys; retire an old one first"),
    ("login_taken", "登录名已被使用", "Somebody already has this login"),
    ("name_refused", "名称或代码已被使用，或格式不正确", "The name or code is taken, or not well formed"),
    ("new_date_once", "整改期限只能再定一次", "A new day is set only once"),
    ("no_authority_of_level", "该层级不设政务数据共享主管部门", "There is no sharing authority of this level"),
    ("no_competent_authority", "没有对此有管辖权的主管部门", "There is no competent sharing authority for this"),
    ("not_in_this_state", "当前状态不能进行此操作", "The state it is in does not admit this"),
    ("not_narrower", "答复范围不得超出申请范围", "A reply may not give more than was asked"),
    ("not_a_party", "仅当事单位可以进行此操作", "Only a party may do this"),
    (
        "notice_not_given",
        "材料不全应先一次性告知，不得直接拒绝",
        "What is missing must be told before its lack is a reason",
    ),
    ("notice_open", "补正期限未到，不得直接拒绝", "Nothing is refused while a notice may still be answered"),
    (
        "national_refused",
        "国家平台编码格式不正确，或授权不属于该系统",
        "A code is not well formed, or a grant is not the system's",
    ),
    ("not_yet", "规定的日期尚未到", "The day for this has not come"),
    (
        "not_superior",
        "数据回流限于上级政府部门向其行政区域内的下级部门",
        "Data flows back from an upper level to a region inside it, and no other way",
    ),
    ("nothing_granted", "同意共享须至少保留一个数据项", "An agreement must leave something to share"),
    ("other_party_acts", "须由对方单位进行此操作", "This is for the other party to do"),
    ("own_entry", "不能申请本部门的数据", "A department does not ask itself"),
    ("password_weak", "密码强度不足", "The password is too weak"),
    ("personal_data_refused", "此处不得填写个人号码等个人信息", "Numbers of persons are not written down here"),
    ("period_over", "使用期限在生效前已届满", "The period of use is over before it would begin"),
    ("reasons_required", "不予共享须说明理由", "A refusal gives its reasons"),
    (
        "rectification_first",
        "违规使用应先暂停并责令限期整改，整改不到位的方可终止",
        "Misuse is first suspended and put right; only what was not put right ends the sharing",
    ),
    ("region_of_other_level", "行政区划代码与机构层级不符", "The region is not one of the organisation's level"),
    (
        "request_incomplete",
        "申请内容不完整或超出目录所提供的范围",
        "The request is incomplete or asks for more than is offered",
    ),
    ("paper_not_fitting", "该事项当前状态没有此种文书", "The thing has no such paper in its state"),
    (
        "period_not_evaluated",
        "评价通报只对已经结束的季度或年度出具",
        "A circular is made of a quarter or a year that is over",
    ),
    ("roles_conflict", "所选角色互斥，不能由一人兼任", "One person may not hold these roles together"),
    (
        "notice_refused",
        "放假通知已录入、自相矛盾或未改变任何一天",
        "The notice is known, contradicts itself, or changes no day",
    ),
    ("rule_refused", "规则集未缩短任何时限，或格式不正确", "The rule set shortens nothing, or is not well formed"),
    ("rule_too_long", "时限超过条例规定", "The term is longer than the Decree allows"),
    (
        "service_change_first",
        "终止服务应先与需求部门协商并备案，请办理服务变更",
        "A service ends only after its change was negotiated and filed",
    ),
    (
        "structure_held",
        "数据源结构变更影响生效中的授权，变更备案前不予采用",
        "Live grants need the old structure; the new one is held until its change is filed",
    ),
    (
        "scorecard_too_large",
        "评价指标涉及的申请、事项过多，请缩小统计范围",
        "There are more requests or cases than one scorecard counts; choose one department",
    ),
    ("structure_mismatch", "数据源中没有该表或字段", "The source lacks the table or a column"),
    ("too_many_changes", "待更新的调整、变化过多，请先更新目录", "Too many changes wait; update the entry first"),
    ("batch_digest_malformed", "摘要应为 64 位十六进制数", "A digest of rows is 64 hexadecimal digits"),
    (
        "batch_run_unfinished",
        "该运行尚未完成，没有可核对的行",
        "The run has not brought its rows yet; there is nothing to count",
    ),
    ("batch_run_open", "该任务有尚未结束的运行", "The task has a run that is not over"),
    (
        "batch_task_refused",
        "批量交换任务不符合要求，请按所列字段修改",
        "The task of batch exchange cannot be like this; change the named field",
    ),
    (
        "too_many_batch_tasks",
        "该授权的批量交换任务已达上限",
        "The grant has as many tasks of batch exchange as it may have",
    ),
    ("too_many_gateways", "登记的网关已达上限", "As many gateways are registered as a department may have"),
    ("supplement_already_asked", "补正材料只能一次性告知", "What is missing is told only once"),
    ("term_over", "期限已届满，不能延长", "The term is over and is not made longer"),
    ("too_late", "已超过可提出的期限", "The time in which this can be asked for is over"),
    ("text_required", "文字必填，且不得过长", "A text must be given, and not too long"),
    // Papers that cannot be printed.
    (
        "paper_character_missing",
        "字体中没有该字符，未出具文书；请换用含该字符的字体",
        "No font has this character, so no paper was made; name a font that has it",
    ),
    (
        "paper_font_missing",
        "未找到可用的中文字体，请安装 fonts-wqy-zenhei 或 fonts-noto-cjk，或以 SHUQIAO_FONT 指定",
        "No Chinese font: install fonts-wqy-zenhei or fonts-noto-cjk, or name one with SHUQIAO_FONT",
    ),
    ("paper_press_failed", "文书制作程序未能完成，未出具文书", "The helper program failed, so no paper was made"),
    (
        "paper_press_missing",
        "未找到文书制作程序 shuqiao-worker，可以 SHUQIAO_WORKER 指定",
        "The helper program shuqiao-worker is missing; SHUQIAO_WORKER names another place",
    ),
    ("paper_too_large", "文书内容过长", "The paper would be too long"),
    // What is wrong with one field.
    ("blank_row", "表格中间有空行", "An empty row stands between rows"),
    ("contradiction", "与其他内容矛盾", "It contradicts another field"),
    ("drag_filled", "疑似拖动填充造成数字递增", "The number grows from row to row as if dragged in a spreadsheet"),
    ("duplicate", "重复", "It stands twice"),
    ("entry_unknown", "没有对应的目录", "No entry of the workbook is named so"),
    ("malformed", "格式不正确", "It is not of the form asked for"),
    ("not_in_source", "数据源中不存在", "The source lacks it"),
    ("not_offered", "不在可选范围内", "It is not one of what is offered"),
    ("period_wrong", "期限为空、过长或已过去", "The period is empty, too long or past"),
    ("placeholder", "内容无实际含义", "It says nothing"),
    ("rank_too_low", "依据的层级不足", "The legal basis is of too low a rank"),
    ("required", "必填", "It must be given"),
    ("secret_refused", "国家秘密和工作秘密不得编入目录", "State secrets and work secrets cannot be registered"),
    ("system_name", "填写的是系统名称，不是数据名称", "It names a system, not the data"),
    ("too_large", "超过上限", "It is larger than what is offered"),
    ("too_long", "过长", "It is too long"),
    ("type_mismatch", "与数据项类型不符", "It does not fit the item's type"),
    ("withdrawn", "目录标注为作废或旧版", "The entry is marked as withdrawn or replaced"),
    // Workbooks and tables that cannot be read or written.
    ("sheet_damaged", "文件已损坏", "The file is damaged"),
    ("sheet_encoding", "文件编码应为 UTF-8 或 GB18030", "The file is neither UTF-8 nor GB18030"),
    ("sheet_expands_too_far", "文件解压后过大", "The file is too large once it is unpacked"),
    ("sheet_file_too_large", "文件过大", "The file is too large"),
    ("sheet_head_missing", "缺少必要的列，请检查所选格式", "A column is missing: is this the form that was chosen?"),
    ("sheet_missing", "缺少必要的工作表，请检查所选格式", "A sheet is missing: is this the form that was chosen?"),
    ("sheet_not_a_workbook", "不是可读取的 xlsx 或 csv 文件", "It is neither a workbook (xlsx) nor a table (csv)"),
    ("sheet_not_written", "文件无法生成", "The file could not be written"),
    ("sheet_old_format", "旧版或加密的工作簿，请另存为 xlsx", "An old or protected workbook: save it as xlsx"),
    ("sheet_profile_unknown", "没有这种导入格式", "There is no such form"),
    ("sheet_too_many", "行、列、单元格或工作表过多", "There are more rows, columns, cells or sheets than are read"),
    // Sources that cannot be read.
    ("source_bad_cell", "文件中有无法读取的单元格", "A cell of the file cannot be read"),
    ("source_bad_line", "文件中有不合格式的行", "A line of the file is not well formed"),
    ("source_cell_type", "数据源中有内容与数据项类型不符", "A cell of the source does not fit the item's type"),
    ("source_changed", "数据源结构已变化", "The source is no longer what it was"),
    ("source_encoding", "文件或数据库的编码不受支持", "The encoding is not one that is read here"),
    ("source_failed", "数据源无法读取", "The source cannot be read"),
    ("source_file_damaged", "文件已损坏或格式不符", "The file is damaged or of another form"),
    ("source_file_empty", "文件中没有数据表", "The file holds no table"),
    ("source_file_expands", "工作簿解压后过大", "The workbook unpacks to more than may be unpacked"),
    ("source_file_linked", "工作簿引用了其他文件", "The workbook takes values from other files"),
    ("source_file_protected", "文件受密码保护", "The file is protected by a password"),
    ("source_file_too_large", "文件超过可读取的大小", "The file is larger than the node reads"),
    ("source_key_missing", "该表没有可用于翻页的主键", "The table has no key to page by"),
    ("source_key_not_unique", "数据源的主键为空或重复", "The source's key is empty in a row or names two rows"),
    ("source_literal_too_fine", "条件中的数字位数过多", "A number in a condition has too many digits"),
    ("source_not_allowed", "该位置不在允许读取的范围内", "The node may not read this place"),
    ("source_sealed", "数据源位置无法解封，请重新登记", "The place of the source cannot be unsealed; connect it again"),
    ("source_service_misdescribed", "接口服务的填写有误", "What was said of the service cannot be"),
    ("source_slow", "数据源响应超时", "The source did not answer in time"),
    ("source_too_large", "数据过大", "The rows are larger than one answer may be"),
    ("source_too_many", "数据源的表或字段过多", "The source has more tables or columns than can be served"),
    ("source_too_many_rows", "数据源行数过多", "The source has more rows than can be gone through"),
    ("source_unreachable", "数据源无法连接，或登录被拒绝", "The source cannot be reached, or its login is refused"),
    // Views that cannot be taken or read.
    ("view_busy", "视图计算繁忙，请稍后再试", "Too many views are being read; try again in a moment"),
    ("view_changed", "视图的列已变化", "The view's columns are no longer what they were"),
    (
        "view_column_twice",
        "视图有两列同名，请用 AS 另起列名",
        "Two columns of the view have one name; give one another with AS",
    ),
    ("view_column_type", "视图中有一列的类型无法发布", "A column of the view is of a type that cannot be published"),
    ("view_column_unknown", "没有这个列，或多个表都有这个列", "No input has this column, or several have"),
    ("view_construct", "视图不支持这种写法", "Views do not have this construct"),
    ("view_engine_missing", "本节点没有视图计算程序", "This node has no engine for views"),
    ("view_failed", "视图计算失败", "The view could not be computed"),
    ("view_function", "视图不允许使用这个函数", "Views may not use this function"),
    (
        "view_input",
        "输入表的别名、数量或来源不合要求",
        "An input's alias, its source or the number of inputs cannot be accepted",
    ),
    ("view_input_failed", "视图的输入表无法读取", "An input of the view cannot be read"),
    (
        "view_join_unbounded",
        "两个大表之间没有等值连接条件，无法限制计算量",
        "Two large tables are joined without an equality; the work has no bound",
    ),
    ("view_key_not_unique", "所选主键为空或不唯一", "The key is empty in a row or names two rows"),
    ("view_key_unknown", "主键列不在视图的列中", "A column of the key is not a column of the view"),
    ("view_literal_too_fine", "条件中的数字位数过多", "A number in a condition has too many digits"),
    ("view_meaning", "SQL 可以读懂，但不成立", "The SQL can be read but does not hold"),
    ("view_not_select", "视图只能是一条 SELECT 语句", "A view is one SELECT and nothing else"),
    (
        "view_out_of_memory",
        "视图计算超过内存与暂存空间限额",
        "The view takes more memory or temporary space than it may",
    ),
    ("view_syntax", "SQL 语法有误", "The SQL cannot be read"),
    ("view_table_unknown", "SQL 引用了未列为输入的表", "The SQL names a table that is not among the inputs"),
    (
        "view_threshold_function",
        "设有主体下限的汇总中不能使用这个函数或写法；可改为按它分组",
        "This may not stand in a sum under a threshold of subjects; group by it instead",
    ),
    ("view_threshold_minimum", "主体下限须在 2 至 10000 之间", "The threshold of subjects must be from 2 to 10,000"),
    (
        "view_threshold_not_aggregate",
        "设有主体下限的视图须用 GROUP BY 或汇总函数汇总",
        "A view with a threshold of subjects must sum up its rows",
    ),
    (
        "view_threshold_shape",
        "设有主体下限的视图只能汇总一次，其外只能筛选、排序和换名",
        "A view with a threshold of subjects is one grouping; around it only selection, order and names",
    ),
    (
        "view_threshold_subject",
        "主体列不存在、未原样进入汇总，或其所在表被读取多次",
        "The subject's column is not there, does not reach the grouping unchanged, or its table is read more than once",
    ),
    ("view_too_complex", "SQL 过长或嵌套过深", "The SQL is longer or more deeply built than a view may be"),
    ("view_too_dear", "视图计算超过时限", "The view takes more time than it may"),
    ("view_too_large", "视图结果过大", "The rows of the view are larger than one answer may be"),
    ("view_value", "视图中有无法计算或无法精确表示的值", "A value of the view cannot be computed, or not held exactly"),
];

/// The title for a failure of a source that this room does not know by its code.
pub(crate) const OF_SOURCES: (&str, &str) = ("数据源无法读取", "The source cannot be read");

/// The titles of a code, in Chinese and in English.
pub(crate) fn title(code: &str) -> Option<(&'static str, &'static str)> {
    TITLES.iter().find(|(known, _, _)| *known == code).map(|(_, zh, en)| (*zh, *en))
}

/// Every code that an answer of this room can carry, for the golden file of codes.
pub(crate) fn codes() -> Vec<&'static str> {
    let mut codes: Vec<&'static str> = TITLES.iter().map(|(code, _, _)| *code).collect();
    codes.sort_unstable();
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        problem::{ApiCode, SheetCode, SourceCode},
        problem_views::ViewCode,
    };
    use shuqiao_domain::{ProblemCode, RefusalCode};
    use std::collections::BTreeSet;

    #[test]
    fn every_code_has_a_text_in_both_languages_and_no_text_is_left_over() {
        let mut known = BTreeSet::new();
        known.extend(RefusalCode::ALL.iter().map(|code| code.as_str()));
        known.extend(ProblemCode::ALL.iter().map(|code| code.as_str()));
        known.extend(ApiCode::ALL.iter().map(|code| code.as_str()));
        known.extend(SheetCode::ALL.iter().map(|code| code.as_str()));
        known.extend(ViewCode::ALL.iter().map(|code| code.as_str()));
        known.extend(SourceCode::ALL.iter().map(|code| code.as_str()));
        let titled: BTreeSet<&str> = codes().into_iter().collect();
        assert_eq!(titled.len(), codes().len(), "a code stands twice");
        assert_eq!(titled, known);
        for (code, zh, en) in TITLES {
            assert!(!zh.is_ascii() && en.is_ascii() && !en.is_empty(), "{code}");
        }
    }
}
