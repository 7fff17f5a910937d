//! What a form demands across rows: names once, items there, attributes that follow from those of the items.

use crate::{
    draft::EntryRow,
    grid::Grid,
    head::Head,
    import::RowProblem,
    name::normalised,
    profile::{Field, Openness, Profile},
    row::{clipped, problem, row_problem},
};
use shuqiao_domain::ProblemCode;
use shuqiao_vocabulary::SharingAttribute;
use std::{collections::BTreeMap, fmt::Display};

/// What is wrong across the rows of a file.
pub(crate) fn problems(profile: &Profile, grid: &Grid, head: &Head, entries: &mut [EntryRow]) -> Vec<RowProblem> {
    let mut found = Vec::new();
    let mut names: BTreeMap<(String, String), (u32, String)> = BTreeMap::new();
    for entry in entries {
        let mut add = |field: Field, code: ProblemCode, params: &[(&'static str, &dyn Display)]| {
            let at = head.of(field).next().map(|placed| placed.at);
            found.push(row_problem(grid, entry.row, at, problem(field, code, field.article(), params), true));
        };
        let short = normalised(&entry.name);
        if !short.is_empty() {
            if let Some((first, name)) = names.get(&(entry.scope.clone(), short.clone())) {
                add(Field::Name, ProblemCode::Duplicate, &[("first_row", first), ("name", &clipped(name))]);
                // Its items went to the first of the name: what that makes of it is not a second problem.
                continue;
            }
            names.insert((entry.scope.clone(), short), (entry.row, entry.name.clone()));
        }
        if entry.items.is_empty() {
            if profile.rules.items_required && !entry.name.is_empty() {
                add(Field::Items, ProblemCode::Required, &[]);
            }
            continue;
        }
        if profile.rules.attributes_follow_items {
            let expected = follows(entry.items.iter().map(|item| item.sharing), SharingAttribute::Conditional);
            let told = |field: Field| entry.wrong.iter().any(|wrong| wrong == field.as_str());
            if let (Some(own), Some(expected)) = (entry.attribute(), expected)
                && own != expected
                && !told(Field::SharingAttribute)
            {
                add(Field::SharingAttribute, ProblemCode::Contradiction, &[("expected", &expected)]);
            }
            let expected = follows(entry.items.iter().map(|item| item.open), Openness::Conditional);
            if let (Some(own), Some(expected)) = (entry.open, expected)
                && own != expected
                && !told(Field::OpenAttribute)
            {
                add(Field::OpenAttribute, ProblemCode::Contradiction, &[("expected", &openness(expected))]);
            }
        }
    }
    found
}

/// What the entry's attribute must be: that of its items when they agree, else the conditional one (instructions 15 and
/// 18). `None` when one of them could not be read.
fn follows<T: Copy + PartialEq>(items: impl Iterator<Item = Option<T>>, conditional: T) -> Option<T> {
    let items: Vec<T> = items.collect::<Option<_>>()?;
    let first = *items.first()?;
    Some(if items.iter().all(|item| *item == first) { first } else { conditional })
}

const fn openness(openness: Openness) -> &'static str {
    match openness {
        Openness::Unconditional => "无条件开放",
        Openness::Conditional => "有条件开放",
        Openness::Closed => "不予开放",
    }
}

#[cfg(test)]
mod tests {
    use super::{SharingAttribute as A, follows};

    #[test]
    fn an_entry_is_what_its_items_are_or_conditional() {
        let check = |items: &[A], expected: Option<A>| {
            assert_eq!(follows(items.iter().copied().map(Some), A::Conditional), expected, "{items:?}");
        };
        check(&[], None);
        check(&[A::NotShared, A::NotShared], Some(A::NotShared));
        check(&[A::Unconditional, A::NotShared, A::Unconditional], Some(A::Conditional));
        check(&[A::Conditional, A::Conditional], Some(A::Conditional));
        check(&[A::Conditional, A::Unconditional], Some(A::Conditional));
        assert_eq!(follows([Some(A::Unconditional), None].into_iter(), A::Conditional), None);
    }
}
