//! Who can be entered beside whom (Art. 8).

use crate::samples::*;
use shuqiao_domain::{
    RefusalCode,
    organisation::{Organisation, check_place},
};
use shuqiao_vocabulary::{Level, OrganisationKind};

fn at(kind: OrganisationKind, level: Level, region: &str) -> Organisation {
    let name = format!("{level} {region}");
    let (id, region) = (provider(), region.parse().unwrap());
    Organisation { id, short_name: name.clone(), name, kind, level, region, code: None }
}

fn refused(new: &Organisation, others: &[Organisation]) -> Option<RefusalCode> {
    check_place(new, others.iter()).err().map(|refusal| refusal.code)
}

#[test]
fn a_region_is_one_of_its_level() {
    use OrganisationKind::{AuthorisedOrganisation, Department, SharingAuthority};
    for (level, fits) in
        [(Level::Province, "52"), (Level::City, "5203"), (Level::County, "520302"), (Level::Township, "520302001")]
    {
        for kind in [Department, AuthorisedOrganisation, SharingAuthority] {
            for region in ["52", "5203", "520302", "520302001", "520302001001"] {
                let has_none = kind == SharingAuthority && level == Level::Township;
                let expected = match region == fits {
                    false => Some(RefusalCode::RegionOfOtherLevel),
                    true => has_none.then_some(RefusalCode::NoAuthorityOfLevel),
                };
                assert_eq!(refused(&at(kind, level, region), &[]), expected, "{kind} {level} {region}");
            }
        }
    }
    for level in [Level::Nation, Level::Ministry] {
        assert_eq!(refused(&at(Department, level, "11"), &[]), None, "a ministry sits where it sits");
    }
}

#[test]
fn a_level_and_region_have_one_sharing_authority() {
    use OrganisationKind::{Department, SharingAuthority};
    let there = [
        at(SharingAuthority, Level::Nation, "11"),
        at(SharingAuthority, Level::City, "5203"),
        at(Department, Level::City, "5201"),
    ];
    for (kind, level, region, fits) in [
        (SharingAuthority, Level::City, "5203", false),
        (SharingAuthority, Level::Nation, "12", false),
        (SharingAuthority, Level::City, "5201", true),
        (SharingAuthority, Level::County, "520302", true),
        (SharingAuthority, Level::Province, "52", true),
        (Department, Level::City, "5203", true),
    ] {
        let expected = (!fits).then_some(RefusalCode::AuthorityExists);
        assert_eq!(refused(&at(kind, level, region), &there), expected, "{kind} {level} {region}");
    }
    let of_ministry = at(SharingAuthority, Level::Ministry, "11");
    assert_eq!(refused(&of_ministry, &[]), Some(RefusalCode::NoAuthorityOfLevel), "the nation's is theirs");
    let told = check_place(&at(SharingAuthority, Level::City, "5203"), there.iter()).unwrap_err();
    assert_eq!(told.params["authority"], "city 5203");
}
