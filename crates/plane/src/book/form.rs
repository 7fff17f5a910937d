//! The stored form of the book: JSON, apart from the types the plane works with, so that either may change alone.

use super::{
    Book, BookError, Change, GatewayCredential, GrantTerms, GrantedItem, SourceSpec, SystemCredential,
    identity::{IdentityForm, identity, identity_form},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use shuqiao_vocabulary::id::GrantId;
use shuqiao_vocabulary::{Condition, Date, ItemName, Literal, Mask, Moment, RowFilter, Test};
use std::{fmt::Display, str::FromStr};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BookForm {
    epoch: u64,
    node: String,
    grants: Vec<GrantForm>,
    systems: Vec<SystemForm>,
    sources: Vec<SourceForm>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gateways: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mask_keys: Vec<(String, String)>,
    #[serde(default)]
    part: u32,
    #[serde(default)]
    more: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeForm {
    node: String,
    from: u64,
    to: u64,
    grants: Vec<GrantForm>,
    grants_gone: Vec<String>,
    systems: Vec<SystemForm>,
    systems_gone: Vec<String>,
    sources: Vec<SourceForm>,
    gateways: Vec<(String, String)>,
    gateways_gone: Vec<String>,
    mask_keys: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantForm {
    id: String,
    requester: String,
    provider: String,
    provider_name: String,
    entry_name: String,
    systems: Vec<String>,
    purpose: String,
    methods: Vec<String>,
    source: String,
    table: String,
    items: Vec<ItemForm>,
    filter_columns: Vec<(String, String, String)>,
    rows: Vec<ConditionForm>,
    key: Vec<String>,
    calls_per_second: u32,
    rows_per_call: u32,
    rows_per_day: u64,
    valid_from: i64,
    valid_until: i64,
    #[serde(default)]
    signature_required: bool,
    request_url: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemForm {
    name: String,
    column: String,
    item_type: String,
    grade: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    mask: Option<MaskForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum MaskForm {
    KeepEnds { head: u8, tail: u8 },
    KeyedHash,
    YearOnly,
    RegionOnly { digits: u8 },
    Redact,
    Token,
    VerifyOnly,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionForm {
    item: String,
    test: TestForm,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum TestForm {
    Eq(LiteralForm),
    In(Vec<LiteralForm>),
    Range { from: Option<LiteralForm>, to: Option<LiteralForm> },
    Prefix(String),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum LiteralForm {
    Text(String),
    Integer(i64),
    Date(String),
    Boolean(bool),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SystemForm {
    id: String,
    organisation: String,
    secret_digests: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    identity: Option<IdentityForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceForm {
    id: String,
    kind: String,
    sealed_location: String,
}

pub(super) fn to_bytes(book: &Book) -> Vec<u8> {
    let form = BookForm {
        epoch: book.epoch,
        node: book.node.clone(),
        grants: book.grants.iter().map(grant_form).collect(),
        systems: book.systems.iter().map(system_form).collect(),
        sources: book.sources.iter().map(source_form).collect(),
        gateways: book.gateways.iter().map(gateway_form).collect(),
        mask_keys: book.mask_keys.iter().map(mask_key_form).collect(),
        part: book.part,
        more: book.more,
    };
    // Strings, numbers and lists only: serialising them has no way to fail, and an empty body would not open.
    serde_json::to_vec(&form).unwrap_or_default()
}

pub(super) fn from_bytes(bytes: &[u8]) -> Result<Book, BookError> {
    let form: BookForm = serde_json::from_slice(bytes).map_err(|_| BookError::Malformed("the book is not readable"))?;
    Ok(Book {
        epoch: form.epoch,
        node: form.node,
        grants: each(form.grants, grant)?,
        systems: each(form.systems, system)?,
        sources: each(form.sources, source)?,
        gateways: each(form.gateways, gateway)?,
        mask_keys: each(form.mask_keys, mask_key)?,
        part: form.part,
        more: form.more,
    })
}

pub(super) fn change_to_bytes(change: &Change) -> Vec<u8> {
    let form = ChangeForm {
        node: change.node.clone(),
        from: change.from,
        to: change.to,
        grants: change.grants.iter().map(grant_form).collect(),
        grants_gone: change.grants_gone.iter().map(ToString::to_string).collect(),
        systems: change.systems.iter().map(system_form).collect(),
        systems_gone: change.systems_gone.iter().map(ToString::to_string).collect(),
        sources: change.sources.iter().map(source_form).collect(),
        gateways: change.gateways.iter().map(gateway_form).collect(),
        gateways_gone: change.gateways_gone.iter().map(ToString::to_string).collect(),
        mask_keys: change.mask_keys.iter().map(mask_key_form).collect(),
    };
    serde_json::to_vec(&form).unwrap_or_default()
}

pub(super) fn change_from_bytes(bytes: &[u8]) -> Result<Change, BookError> {
    let form: ChangeForm =
        serde_json::from_slice(bytes).map_err(|_| BookError::Malformed("the change is not readable"))?;
    Ok(Change {
        node: form.node,
        from: form.from,
        to: form.to,
        grants: each(form.grants, grant)?,
        grants_gone: each(form.grants_gone, |text| parsed(&text))?,
        systems: each(form.systems, system)?,
        systems_gone: each(form.systems_gone, |text| parsed(&text))?,
        sources: each(form.sources, source)?,
        gateways: each(form.gateways, gateway)?,
        gateways_gone: each(form.gateways_gone, |text| parsed(&text))?,
        mask_keys: each(form.mask_keys, mask_key)?,
    })
}

fn each<F, T>(forms: Vec<F>, read: impl FnMut(F) -> Result<T, BookError>) -> Result<Vec<T>, BookError> {
    forms.into_iter().map(read).collect()
}

fn system_form(system: &SystemCredential) -> SystemForm {
    SystemForm {
        id: system.id.to_string(),
        organisation: system.organisation.to_string(),
        secret_digests: system.secret_digests.iter().map(|digest| STANDARD.encode(digest)).collect(),
        identity: identity_form(&system.identity),
    }
}

fn source_form(source: &SourceSpec) -> SourceForm {
    SourceForm {
        id: source.id.to_string(),
        kind: source.kind.to_string(),
        sealed_location: STANDARD.encode(&source.sealed_location),
    }
}

fn gateway_form(gateway: &GatewayCredential) -> (String, String) {
    (gateway.id.to_string(), gateway.provider.to_string())
}

fn gateway((id, provider): (String, String)) -> Result<GatewayCredential, BookError> {
    Ok(GatewayCredential { id: parsed(&id)?, provider: parsed(&provider)? })
}

fn mask_key_form((grant, key): &(GrantId, [u8; 32])) -> (String, String) {
    (grant.to_string(), STANDARD.encode(key))
}

fn mask_key((grant, key): (String, String)) -> Result<(GrantId, [u8; 32]), BookError> {
    let key = bytes_of(&key)?.try_into().map_err(|_| BookError::Value("a mask key has 32 bytes".to_owned()))?;
    Ok((parsed(&grant)?, key))
}

pub(super) fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, BookError> {
    text.parse().map_err(|error: T::Err| BookError::Value(error.to_string()))
}

fn bytes_of(text: &str) -> Result<Vec<u8>, BookError> {
    STANDARD.decode(text).map_err(|_| BookError::Value("not base64".to_owned()))
}

fn system(form: SystemForm) -> Result<SystemCredential, BookError> {
    let digest = |text: &String| {
        bytes_of(text)?.try_into().map_err(|_| BookError::Value("a secret's digest has 32 bytes".to_owned()))
    };
    Ok(SystemCredential {
        id: parsed(&form.id)?,
        organisation: parsed(&form.organisation)?,
        secret_digests: form.secret_digests.iter().map(digest).collect::<Result<_, _>>()?,
        identity: identity(form.identity)?,
    })
}

fn source(form: SourceForm) -> Result<SourceSpec, BookError> {
    Ok(SourceSpec {
        id: parsed(&form.id)?,
        kind: parsed(&form.kind)?,
        sealed_location: bytes_of(&form.sealed_location)?,
    })
}

fn grant_form(terms: &GrantTerms) -> GrantForm {
    GrantForm {
        id: terms.id.to_string(),
        requester: terms.requester.to_string(),
        provider: terms.provider.to_string(),
        provider_name: terms.provider_name.clone(),
        entry_name: terms.entry_name.clone(),
        systems: terms.systems.iter().map(ToString::to_string).collect(),
        purpose: terms.purpose.clone(),
        methods: terms.methods.iter().map(ToString::to_string).collect(),
        source: terms.source.to_string(),
        table: terms.table.clone(),
        items: terms.items.iter().map(item_form).collect(),
        filter_columns: terms
            .filter_columns
            .iter()
            .map(|(name, column, item_type)| (name.to_string(), column.clone(), item_type.to_string()))
            .collect(),
        rows: terms.rows.0.iter().map(condition_form).collect(),
        key: terms.key.clone(),
        calls_per_second: terms.calls_per_second,
        rows_per_call: terms.rows_per_call,
        rows_per_day: terms.rows_per_day,
        valid_from: terms.valid_from.microseconds(),
        valid_until: terms.valid_until.microseconds(),
        signature_required: terms.signature_required,
        request_url: terms.request_url.clone(),
    }
}

fn grant(form: GrantForm) -> Result<GrantTerms, BookError> {
    let filter_column = |(name, column, item_type): (String, String, String)| {
        Ok((parsed::<ItemName>(&name)?, column, parsed(&item_type)?))
    };
    Ok(GrantTerms {
        id: parsed(&form.id)?,
        requester: parsed(&form.requester)?,
        provider: parsed(&form.provider)?,
        provider_name: form.provider_name,
        entry_name: form.entry_name,
        systems: form.systems.iter().map(|text| parsed(text)).collect::<Result<_, _>>()?,
        purpose: form.purpose,
        methods: form.methods.iter().map(|text| parsed(text)).collect::<Result<_, _>>()?,
        source: parsed(&form.source)?,
        table: form.table,
        items: form.items.into_iter().map(item).collect::<Result<_, _>>()?,
        filter_columns: form.filter_columns.into_iter().map(filter_column).collect::<Result<_, BookError>>()?,
        rows: RowFilter(form.rows.into_iter().map(condition).collect::<Result<_, _>>()?),
        key: form.key,
        calls_per_second: form.calls_per_second,
        rows_per_call: form.rows_per_call,
        rows_per_day: form.rows_per_day,
        valid_from: Moment::from_microseconds(form.valid_from),
        valid_until: Moment::from_microseconds(form.valid_until),
        signature_required: form.signature_required,
        request_url: form.request_url,
    })
}

fn item_form(item: &GrantedItem) -> ItemForm {
    let mask = item.mask.as_ref().map(|mask| match mask {
        Mask::KeepEnds { head, tail } => MaskForm::KeepEnds { head: *head, tail: *tail },
        Mask::KeyedHash => MaskForm::KeyedHash,
        Mask::YearOnly => MaskForm::YearOnly,
        Mask::RegionOnly { digits } => MaskForm::RegionOnly { digits: *digits },
        Mask::Redact => MaskForm::Redact,
        Mask::Token => MaskForm::Token,
        Mask::VerifyOnly => MaskForm::VerifyOnly,
    });
    ItemForm {
        name: item.name.to_string(),
        column: item.column.clone(),
        item_type: item.item_type.to_string(),
        grade: item.grade.to_string(),
        mask,
    }
}

fn item(form: ItemForm) -> Result<GrantedItem, BookError> {
    let mask = form.mask.map(|mask| match mask {
        MaskForm::KeepEnds { head, tail } => Mask::KeepEnds { head, tail },
        MaskForm::KeyedHash => Mask::KeyedHash,
        MaskForm::YearOnly => Mask::YearOnly,
        MaskForm::RegionOnly { digits } => Mask::RegionOnly { digits },
        MaskForm::Redact => Mask::Redact,
        MaskForm::Token => Mask::Token,
        MaskForm::VerifyOnly => Mask::VerifyOnly,
    });
    Ok(GrantedItem {
        name: parsed(&form.name)?,
        column: form.column,
        item_type: parsed(&form.item_type)?,
        grade: parsed(&form.grade)?,
        mask,
    })
}

fn literal_form(literal: &Literal) -> LiteralForm {
    match literal {
        Literal::Text(text) => LiteralForm::Text(text.clone()),
        Literal::Integer(number) => LiteralForm::Integer(*number),
        Literal::Date(date) => LiteralForm::Date(date.to_string()),
        Literal::Boolean(yes) => LiteralForm::Boolean(*yes),
    }
}

fn literal(form: LiteralForm) -> Result<Literal, BookError> {
    Ok(match form {
        LiteralForm::Text(text) => Literal::Text(text),
        LiteralForm::Integer(number) => Literal::Integer(number),
        LiteralForm::Date(text) => Literal::Date(parsed::<Date>(&text)?),
        LiteralForm::Boolean(yes) => Literal::Boolean(yes),
    })
}

fn condition_form(condition: &Condition) -> ConditionForm {
    let test = match &condition.test {
        Test::Equals(value) => TestForm::Eq(literal_form(value)),
        Test::OneOf(values) => TestForm::In(values.iter().map(literal_form).collect()),
        Test::Between { from, to } => {
            TestForm::Range { from: from.as_ref().map(literal_form), to: to.as_ref().map(literal_form) }
        }
        Test::StartsWith(prefix) => TestForm::Prefix(prefix.clone()),
    };
    ConditionForm { item: condition.item.to_string(), test }
}

fn condition(form: ConditionForm) -> Result<Condition, BookError> {
    let test = match form.test {
        TestForm::Eq(value) => Test::Equals(literal(value)?),
        TestForm::In(values) => Test::OneOf(values.into_iter().map(literal).collect::<Result<_, _>>()?),
        TestForm::Range { from, to } => {
            Test::Between { from: from.map(literal).transpose()?, to: to.map(literal).transpose()? }
        }
        TestForm::Prefix(prefix) => Test::StartsWith(prefix),
    };
    Ok(Condition { item: parsed(&form.item)?, test })
}
