//! Which papers a request and an entry have as they stand, beside those of the reply (`crates/domain/src/paper.rs`).

use crate::samples::*;
use shuqiao_domain::{
    catalogue,
    paper::{kinds_of_entry, kinds_of_request},
    request::{self, Narrowing, Request},
};
use shuqiao_vocabulary::PaperKind::{self, CatalogueReview, DeliveryConfirmation, ExtensionApproval};

fn has(request: &Request, kind: PaperKind) -> bool {
    kinds_of_request(&request.state).contains(&kind)
}

/// Consented to or not: the department has the authority's word on paper, also after the reply.
#[test]
fn an_extension_has_its_paper_once_it_is_decided() {
    let entry = published(content());
    let request = received(&entry);
    assert!(!has(&request, ExtensionApproval));
    assert!(!has(&extension_asked(request.clone()), ExtensionApproval));
    assert!(has(&extension_refused(request.clone()), ExtensionApproval));
    let granted = extension_granted(request);
    assert!(has(&granted, ExtensionApproval));
    let (replied, _) = decided(proposed(granted, &entry, agree(Narrowing::default())), &entry);
    assert!(has(&replied, ExtensionApproval));
}

#[test]
fn a_delivery_has_its_paper_once_it_was_found_usable() {
    let entry = published(content());
    let request = agreed(&entry);
    assert!(!has(&request, DeliveryConfirmation));
    let confirmed = after(request.clone(), request::confirm_delivery(&request, by_requester()));
    assert!(has(&confirmed, DeliveryConfirmation));
    let step = |request: &Request, delivered: Option<&str>, live: bool, now: &str| {
        let (delivered, now) = (delivered.map(|text| noon(day(text))), noon(day(now)));
        request.clone().apply(&request::delivery_step(request, delivered, live, &calendar(), now).unwrap())
    };
    let begun = step(&request, Some("2026-03-09"), true, "2026-03-09");
    assert!(!has(&begun, DeliveryConfirmation), "it may still be objected to");
    assert!(has(&step(&begun, None, true, "2026-03-17"), DeliveryConfirmation));
    let lapsed = step(&request, None, false, "2026-03-17");
    assert!(!has(&lapsed, DeliveryConfirmation), "the grant ended, and nothing had been delivered");
}

#[test]
fn a_longer_term_to_update_has_its_paper_whatever_is_under_way() {
    let plain = published(content());
    let on = |organisation, text: &str| stamp_on(organisation, 1, day(text));
    let entry = moved(plain.clone(), changed(&plain, "社会救助法公布施行", day("2026-03-02"), by_provider()));
    let change = entry.changes.len() - 1;
    let asked = catalogue::ask_extension(&entry, change, "系统改造。", &calendar(), on(provider(), "2026-03-03"));
    let asked = moved(entry, asked);
    assert_eq!(kinds_of_entry(&asked), [CatalogueReview]);
    for consent in [true, false] {
        let by = on(authority(), "2026-03-04");
        let decision = catalogue::decide_extension(&asked, change, consent, "知悉。", &calendar(), by);
        let decided = moved(asked.clone(), decision);
        assert_eq!(kinds_of_entry(&decided), [CatalogueReview, ExtensionApproval]);
        let updating = moved(decided.clone(), catalogue::begin_update(&decided, on(provider(), "2026-03-05")));
        assert_eq!(kinds_of_entry(&updating), [ExtensionApproval]);
    }
}
