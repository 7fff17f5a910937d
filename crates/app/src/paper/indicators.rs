//! The indicators in words, as papers print them: name, formula, and those that nobody computes (docs/adr/0018).

use shuqiao_domain::scorecard::IndicatorCode;

/// The words of an indicator.
pub(super) struct Indicator {
    /// Its name.
    pub(super) zh: &'static str,
    /// Its name in English.
    pub(super) en: &'static str,
    /// What stands over what.
    pub(super) how: &'static str,
}

/// The words of this indicator.
pub(super) const fn of(code: IndicatorCode) -> Indicator {
    use IndicatorCode as I;
    let (zh, en, how) = match code {
        I::C4 => ("目录更新及时率", "Updates in time", "法定期限内报送的目录更新÷应更新的调整、变化"),
        I::S1 => ("共享需求满足率", "Demands met", "到期已满足的需求÷到期的需求"),
        I::S2 => ("答复及时率", "Replies in time", "法定期限（含经同意的延期）内的答复÷应答复的申请"),
        I::S3Mean => ("平均答复用时", "Mean reply", "从收到到答复的工作日，平均数"),
        I::S3Median => ("答复用时中位数", "Median reply", "从收到到答复的工作日，中位数"),
        I::S3P95 => ("95%答复用时", "95% reply", "从收到到答复的工作日，95%的答复不超过"),
        I::S4 => ("无条件共享直通率", "Straight through", "1个工作日内同意的无条件共享申请÷无条件共享申请"),
        I::S5 => ("交付及时率", "Deliveries in time", "期限内首次交付÷已同意的申请"),
        I::S6 => ("不同意率", "Refusals", "不同意÷已答复"),
        I::S6Overturned => ("不同意被推翻率", "Overturned", "经争议处理改为支持需求部门÷有争议的不同意"),
        I::S7 => ("延期率", "Extended", "经同意延期÷应答复的申请"),
        I::Q4 => ("校核纠错及时率", "Corrections in time", "期限内答复的校核÷应答复的校核"),
        I::R1 => ("回流完成率", "Return flow", "按期完整回流且可用÷应回流的次数"),
        I::D1 => ("争议办结率", "Disputes closed", "已办结的争议÷本期提出的争议"),
        I::X2 => ("销毁证明率", "Disposals proved", "期限内提交的销毁证明÷应提交的证明"),
    };
    Indicator { zh, en, how }
}

/// The indicators of the plan that the node does not compute, and why.
pub(super) const NOT_COMPUTED: [&str; 6] = [
    "目录编制率（C1）：未登记职责清单，应编目录数无从确定。",
    "目录要素完整率（C2）、不予共享依据合规率（C5）：要素、依据不全的目录不能发布，恒为100%；年度复核未登记。",
    "目录挂接率（C3）、共享活跃度（S8）、接口可用率（A1）、接口成功率（A2）、证据完整率（X3）：探测和调用记录在数据通道，\
     不在业务记录中。",
    "数据质量评分（Q1）、更新及时率（Q2）、断更时长（Q3）、重复采集下降（S9）：质量规则、更新情况和采集次数未登记。",
    "用途一致率（X1）、高敏授权复核率（X4）、用户满意度（U1）：抽查、季度复核和满意度未登记。",
    "不计算总分，不排名次；校核、争议、销毁只计算比率。",
];
