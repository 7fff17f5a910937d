//! The closed lists of the field. Spellings are for ever; the golden file of spellings is in the tests below.

use crate::closed_list;

closed_list! {
    /// Level of an organisation or node (层级).
    Level {
        /// 国家
        Nation = "nation",
        /// 部委
        Ministry = "ministry",
        /// 省
        Province = "province",
        /// 市
        City = "city",
        /// 县
        County = "county",
        /// 乡镇(街道)
        Township = "township",
    }
}

closed_list! {
    /// What an organisation is (机构类型).
    OrganisationKind {
        /// Sharing authority (政务数据共享主管部门).
        SharingAuthority = "sharing_authority",
        /// Government department (政府部门).
        Department = "department",
        /// Organisation authorised by law to manage public affairs (法律、法规授权的组织, Art. 2).
        AuthorisedOrganisation = "authorised_organisation",
    }
}

closed_list! {
    /// What a person is on this node. Names what somebody *is*; what they *may* is in the policies.
    Role {
        /// Data officer of a department's sharing office (数据专员).
        DataOfficer = "data_officer",
        /// Head of the sharing office (工作机构负责人), who consents to requests and replies (Art. 20).
        OfficeHead = "office_head",
        /// Head of the department (部门负责人), who approves catalogue entries (Art. 13).
        DepartmentHead = "department_head",
        /// Case officer of the sharing authority (主管部门经办人).
        AuthorityOfficer = "authority_officer",
        /// Developer of a department's business system (系统开发人员).
        Developer = "developer",
        /// Auditor (安全审计员).
        Auditor = "auditor",
        /// Inspector, read-only, may come from outside (检查人员).
        Inspector = "inspector",
        /// System administrator: organisations and accounts (系统管理员).
        SystemAdministrator = "system_administrator",
        /// Security administrator: unlocks accounts, ends sessions (安全管理员).
        SecurityAdministrator = "security_administrator",
        /// Works on a system under an approved engagement and sees no data (受托人员, Art. 36(1)).
        Contractor = "contractor",
    }
}

closed_list! {
    /// Sharing attribute (共享属性, Art. 14).
    SharingAttribute {
        /// 无条件共享
        Unconditional = "unconditional",
        /// 有条件共享
        Conditional = "conditional",
        /// 不予共享
        NotShared = "not_shared",
    }
}

closed_list! {
    /// Way of sharing (共享方式, Art. 22(2)).
    SharingMethod {
        /// 服务接口
        ServiceInterface = "service_interface",
        /// 批量交换
        BatchExchange = "batch_exchange",
        /// 文件下载
        FileDownload = "file_download",
    }
}

closed_list! {
    /// Data format of an entry (数据格式; format classes of the 2017 guide).
    DataFormat {
        /// 数据库
        Database = "database",
        /// 电子表格
        Spreadsheet = "spreadsheet",
        /// 电子文件
        Document = "document",
        /// 图形图像
        Image = "image",
        /// 流媒体
        Stream = "stream",
        /// 自描述格式
        SelfDescribing = "self_describing",
        /// 服务接口
        ServiceInterface = "service_interface",
    }
}

closed_list! {
    /// Update frequency (更新频率).
    UpdateFrequency {
        /// 实时
        RealTime = "real_time",
        /// 每日
        Daily = "daily",
        /// 每周
        Weekly = "weekly",
        /// 每月
        Monthly = "monthly",
        /// 每季度
        Quarterly = "quarterly",
        /// 每半年
        HalfYearly = "half_yearly",
        /// 每年
        Yearly = "yearly",
        /// 不定期
        Irregular = "irregular",
        /// 不更新
        Never = "never",
    }
}

closed_list! {
    /// Grade of data (分级): 一般数据 1–4, 重要, 核心 (GB/T 43697-2024). Ordered: the higher, the more sensitive.
    Grade {
        /// 一般 1 级
        L1 = "l1",
        /// 一般 2 级
        L2 = "l2",
        /// 一般 3 级
        L3 = "l3",
        /// 一般 4 级
        L4 = "l4",
        /// 重要数据
        Important = "important",
        /// 核心数据
        Core = "core",
    }
}

closed_list! {
    /// Type of a data item (数据类型).
    ItemType {
        /// 字符型
        Text = "text",
        /// 整数型
        Integer = "integer",
        /// 数值型, exact, delivered as written
        Decimal = "decimal",
        /// 日期型
        Date = "date",
        /// 日期时间型, UTC
        DateTime = "date_time",
        /// 布尔型
        Boolean = "boolean",
    }
}

closed_list! {
    /// Rank of a legal basis (依据层级). Only the first three may forbid sharing (Art. 14).
    BasisRank {
        /// 法律
        Law = "law",
        /// 行政法规
        AdministrativeRegulation = "administrative_regulation",
        /// 国务院决定
        StateCouncilDecision = "state_council_decision",
        /// 地方性法规
        LocalRegulation = "local_regulation",
        /// 部门规章或地方政府规章
        Rule = "rule",
        /// 规范性文件或“三定”规定
        NormativeDocument = "normative_document",
    }
}

closed_list! {
    /// Kind of a source (数据源类型).
    SourceType {
        /// A SQLite database file.
        Sqlite = "sqlite",
        /// A CSV file in UTF-8, GB18030, UTF-16 or Big5.
        Csv = "csv",
        /// A workbook, `.xlsx` or `.xls`.
        Workbook = "workbook",
        /// A Parquet file.
        Parquet = "parquet",
        /// A file of JSON objects, one a line or all in an array.
        JsonLines = "json_lines",
        /// An HTTP service that answers in JSON.
        Http = "http",
        /// A PostgreSQL database.
        Postgres = "postgres",
        /// A MySQL or MariaDB database.
        Mysql = "mysql",
        /// A database behind an ODBC driver, by the name of a data source of the machine.
        Odbc = "odbc",
        /// A view over tables of the provider's other sources, defined by the provider (加工视图).
        View = "view",
    }
}

/// How a value is hidden before it leaves (脱敏方式). Deterministic within one grant, unlinkable across grants where keyed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Mask {
    /// Keep this many characters at the head and the tail, replace each of the others by `*` (保留首尾). A value too
    /// short to hide anything is hidden whole.
    KeepEnds {
        /// Characters kept at the head.
        head: u8,
        /// Characters kept at the tail.
        tail: u8,
    },
    /// HMAC-SM3 under a key of the grant (加密散列).
    KeyedHash,
    /// Another value of the same form: digits for digits, letters for letters, in a one-to-one way under a key of the
    /// grant (保形替换).
    Token,
    /// Only the year of a date (仅保留年份).
    YearOnly,
    /// Only the first digits of a region code or of an identity number: 2, 4 or 6 (仅保留区划).
    RegionOnly {
        /// Digits kept.
        digits: u8,
    },
    /// Nothing is kept (完全隐藏).
    Redact,
    /// Never delivered: it can only be asked whether a value is the one (仅核验).
    VerifyOnly,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_read_back() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>(), Ok(*role));
        }
        assert!("root".parse::<Role>().is_err());
        assert!(Grade::L4 < Grade::Important && Grade::L1 < Grade::L2);
    }
}
