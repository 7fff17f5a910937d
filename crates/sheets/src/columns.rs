//! What a column can hold, whatever it is called in a form.

use shuqiao_domain::law;
use shuqiao_vocabulary::{Article, closed_list};

closed_list! {
    /// What a column holds. The spelling is the path of the field on the wire, so that a problem names the same field as
    /// the form in the console; fields that are checked and not kept have names of their own.
    Field {
        /// Ties items to entries within one file.
        Key = "key",
        /// Name of the entry (目录名称).
        Name = "name",
        /// Code of the 2017 guide (信息资源代码).
        Code = "code",
        /// Abstract (摘要).
        Summary = "summary",
        /// The provider's name (提供方); an entry belongs to the department that imports it.
        Provider = "provider",
        /// The department that the data comes from (来源部门); checked, not kept.
        Origin = "origin",
        /// Data format (数据格式).
        DataFormat = "data_format",
        /// Update frequency (更新周期).
        UpdateFrequency = "update_frequency",
        /// Sharing attribute (共享属性).
        SharingAttribute = "sharing_attribute",
        /// Condition of sharing, or the basis of not sharing (共享条件/不予共享依据), in words.
        ConditionText = "conditions",
        /// Way of sharing (共享方式).
        Methods = "methods",
        /// Whether it is open to the public (开放属性); checked, not kept.
        OpenAttribute = "open_attribute",
        /// Condition of opening (开放条件); checked, not kept.
        OpenCondition = "open_conditions",
        /// Class (分类); columns of one row are joined by `/`.
        Category = "classification.category",
        /// Grade (分级).
        Grade = "classification.grade",
        /// Name of the table behind it (挂接资源名称).
        ResourceTable = "resource.table",
        /// Id of the source behind it.
        ResourceSource = "resource.source",
        /// Information system (所属信息系统); checked, not kept.
        System = "system",
        /// Business objects (所属业务对象); checked, not kept.
        BusinessObject = "business_object",
        /// Scene of use (应用场景分类); checked, not kept.
        Scene = "scene",
        /// Business matter (数据所属事项); checked, not kept.
        Matter = "matter",
        /// Area (空间范围); checked, not kept.
        Area = "area",
        /// Time span (数据时间范围); checked, not kept.
        TimeSpan = "time_span",
        /// How it is synchronised (数据同步机制); checked, not kept.
        Synchronisation = "synchronisation",
        /// How often it is synchronised (同步频率); checked, not kept.
        SynchronisationFrequency = "synchronisation_frequency",
        /// Yes or no, checked and not kept.
        Flag = "flag",
        /// The code that another platform gave; checked, not kept.
        ForeignCode = "foreign_code",
        /// The department's code on another platform; tells apart entries of the same name.
        ForeignDepartment = "foreign_department",
        /// Region, when a file has several; tells apart entries of the same name.
        Region = "region",
        /// Whom the data is about (主体); checked, not kept.
        Subject = "subject",
        /// Known to the form; neither checked nor kept.
        Unkept = "unkept",
        /// Kinds of organisation that may ask.
        ConditionKinds = "conditions.allowed_organisation_kinds",
        /// Levels that may ask.
        ConditionLevels = "conditions.allowed_levels",
        /// Purposes.
        Purposes = "conditions.purposes",
        /// Consent of the persons concerned.
        SubjectConsent = "conditions.subject_consent_required",
        /// What else is to be known.
        ConditionNote = "conditions.note",
        /// Rank of the norm that forbids sharing.
        NotSharedRank = "not_shared_basis.rank",
        /// Its title.
        NotSharedTitle = "not_shared_basis.title",
        /// Its article.
        NotSharedArticle = "not_shared_basis.article",
        /// Why it is not shared.
        NotSharedReason = "not_shared_basis.reason",
        /// Rank of the basis for collecting.
        CollectionRank = "collection_basis.rank",
        /// Its title.
        CollectionTitle = "collection_basis.title",
        /// Its article.
        CollectionArticle = "collection_basis.article",
        /// It contains state secrets.
        StateSecret = "secrecy.state_secret",
        /// It contains work secrets.
        WorkSecret = "secrecy.work_secret",
        /// Who reviewed.
        SecrecyReviewer = "secrecy.reviewer",
        /// When.
        SecrecyDate = "secrecy.date",
        /// What came out.
        SecrecyConclusion = "secrecy.conclusion",
        /// It contains personal information.
        Personal = "personal_information.contains",
        /// There is an assessment.
        Assessed = "personal_information.assessment",
        /// Lawfulness of the purpose.
        AssessedPurpose = "personal_information.assessment.lawful_purpose",
        /// Impact and risks.
        AssessedImpact = "personal_information.assessment.impact",
        /// Safeguards.
        AssessedSafeguards = "personal_information.assessment.safeguards",
        /// Who assessed.
        Assessor = "personal_information.assessment.assessor",
        /// When.
        AssessedDate = "personal_information.assessment.date",
        /// Calls per second.
        CallsPerSecond = "limits.calls_per_second_max",
        /// Rows in one answer.
        RowsPerCall = "limits.rows_per_call_max",
        /// Rows in one day.
        RowsPerDay = "limits.rows_per_day_max",
        /// The items of an entry, all of them.
        Items = "items",
        /// The key of the entry that an item belongs to.
        ItemKey = "items.key",
        /// The name of the entry that an item belongs to.
        ItemEntry = "items.entry",
        /// Title of an item (信息项名称).
        ItemTitle = "items.title",
        /// Technical name of an item (信息项技术名称).
        ItemName = "items.name",
        /// Column in the source.
        ItemColumn = "items.column",
        /// Data type (数据类型).
        ItemType = "items.item_type",
        /// Length (数据长度); checked, not kept.
        ItemLength = "items.length",
        /// Sharing attribute of an item.
        ItemSharing = "items.sharing_attribute",
        /// Whether an item is open to the public; checked, not kept.
        ItemOpen = "items.open_attribute",
        /// Sensitive or not (敏感属性); checked, not kept: it is not what the law on personal information calls sensitive.
        ItemDelicate = "items.delicate",
        /// Secret or not (涉密属性).
        ItemSecret = "items.secret",
        /// Time stamp (是否时间戳); checked, not kept.
        ItemStamp = "items.time_stamp",
        /// Yes or no of an item, checked and not kept.
        ItemFlag = "items.flag",
        /// Grade of an item.
        ItemGrade = "items.grade",
        /// Personal information.
        ItemPersonal = "items.personal",
        /// Sensitive personal information.
        ItemSensitive = "items.sensitive",
        /// Mask.
        ItemMask = "items.mask",
        /// What it means.
        ItemDescription = "items.description",
        /// Known to the form of items; neither checked nor kept.
        ItemUnkept = "items.unkept",
    }
}

impl Field {
    /// The article that asks for it, when one does.
    pub(crate) fn article(self) -> Option<Article> {
        let path = self.as_str();
        let starts = |head: &str| path.starts_with(head);
        match self {
            Self::Name
            | Self::Summary
            | Self::Provider
            | Self::DataFormat
            | Self::UpdateFrequency
            | Self::Category
            | Self::Grade
            | Self::Items
            | Self::ItemEntry
            | Self::ItemTitle
            | Self::ItemName
            | Self::ItemType
            | Self::ItemGrade => Some(law::CATALOGUE_CONTENT),
            Self::SharingAttribute | Self::ItemSharing => Some(law::SHARING_ATTRIBUTES),
            Self::Methods => Some(law::SHARING_METHODS),
            Self::StateSecret | Self::WorkSecret | Self::ItemSecret => Some(law::NO_SECRETS),
            _ if starts("conditions") || starts("not_shared_basis") => Some(law::CONDITIONS_LISTED),
            _ if starts("collection_basis") => Some(law::COLLECTION_BASIS),
            _ if starts("secrecy") || starts("personal_information") => Some(law::CATALOGUE_CONTENT),
            _ => None,
        }
    }

    /// Whether what it holds becomes part of a draft.
    pub(crate) const fn is_kept(self) -> bool {
        !matches!(
            self,
            Self::Provider
                | Self::Origin
                | Self::OpenAttribute
                | Self::OpenCondition
                | Self::System
                | Self::BusinessObject
                | Self::Scene
                | Self::Matter
                | Self::Area
                | Self::TimeSpan
                | Self::Synchronisation
                | Self::SynchronisationFrequency
                | Self::Flag
                | Self::ForeignCode
                | Self::ForeignDepartment
                | Self::Region
                | Self::Subject
                | Self::Unkept
                | Self::ItemLength
                | Self::ItemOpen
                | Self::ItemDelicate
                | Self::ItemStamp
                | Self::ItemFlag
                | Self::ItemUnkept
        )
    }
}
