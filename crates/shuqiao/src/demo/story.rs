//! The demo's story: the main job, done once by the seeded people through the very same use cases as over HTTP, so that
//! a visitor finds a catalogue, an inbox with clocks, and a grant in force.

use super::entries;
use crate::{edge, serve::Links};
use anyhow::{Context, Result, bail};
use shuqiao_app::{
    App, Ctx, NewSource,
    port::{NewLocation, NewTarget, PartFormat},
    view::SessionPrincipal,
};
use shuqiao_crypto::secret;
use shuqiao_domain::{
    batch_task::{BatchMode, BatchSchedule, NewTask},
    catalogue::{EntryContent, LegalBasis},
    request::{Narrowing, Proposal, RequestContent, RequestState},
};
use shuqiao_vocabulary::{
    BasisRank, CatalogueEntryId, Condition, Date, GrantId, Mask, RowFilter, SharingMethod, SourceId, SystemId, Test,
};
use std::{collections::BTreeMap, sync::Arc};

/// When the demo's task of batch exchange runs by itself: two in the morning, in minutes after midnight.
const NIGHT: u16 = 120;

/// The people of the demo, logged in.
pub(crate) struct Cast {
    app: Arc<App>,
    people: BTreeMap<String, SessionPrincipal>,
}

/// What a visitor needs besides the links.
pub(crate) struct Told {
    /// The system that calls: id and secret.
    pub(crate) system: SystemId,
    /// Its secret.
    pub(crate) secret: String,
}

impl Cast {
    /// Logs everybody in by their one-time links, with passwords that nobody learns.
    pub(crate) async fn gather(app: Arc<App>, links: &Links) -> Result<Self> {
        let mut people = BTreeMap::new();
        for (login, link) in links {
            let (_, token) = link.rsplit_once('#').context("a one-time link")?;
            let password = secret::random_text(24);
            app.first_login(&edge::edge(), token, &password).await?;
            let opened = app.login(&edge::edge(), login, &password).await?;
            app.logout(&edge::edge(), &opened.token).await?;
            people.insert(login.clone(), opened.who);
        }
        Ok(Self { app, people })
    }

    fn acts(&self, login: &str) -> Result<Ctx> {
        let who = self.people.get(login).with_context(|| format!("nobody is called {login}"))?;
        let SessionPrincipal { principal, person_name } = who.clone();
        Ok(Ctx { edge: edge::edge(), principal, person_name, idempotency: None })
    }

    /// Where an organisation's files are placed, by the login of one of its people.
    pub(crate) fn organisation(&self, login: &str) -> Result<String> {
        Ok(self.acts(login)?.principal.organisation.to_string())
    }

    /// The main job, once; two more cases are left for the visitor's inbox.
    pub(crate) async fn play(&self) -> Result<Told> {
        let today = edge::now().date();
        let persons =
            self.source("police.officer", "人口库", NewLocation::Sqlite { file: "persons.db".into() }).await?;
        let persons = self.publish("police", entries::persons(persons.0, today)?).await?;
        let enterprises = NewLocation::Sqlite { file: "enterprises.db".into() };
        let enterprises = self.source("market.officer", "市场主体登记库", enterprises).await?;
        let enterprises = self.publish("market", entries::enterprises(enterprises.0, today)?).await?;
        let file = NewLocation::Csv { file: "食品经营许可.csv".into() };
        let (file, table) = self.source("market.officer", "食品经营许可报送表", file).await?;
        // Left for the authority: filed, to be published by the visitor.
        self.file("market", entries::licences(file, &table, today)?).await?;
        let (system, secret) = self.app.system_create(&self.acts("social.developer")?, "社会保险待遇核定系统").await?;
        self.granted(persons, system.id, today).await?;
        // On the heap: the policy engine denies where it finds little stack left, and these are the deepest of the story.
        Box::pin(self.in_bulk(enterprises, system.id, today)).await?;
        self.waiting(enterprises, system.id, today).await?;
        Ok(Told { system: system.id, secret })
    }

    async fn source(&self, login: &str, name: &str, location: NewLocation) -> Result<(SourceId, String)> {
        let new = NewSource { name: name.to_owned(), location };
        let source = self.app.source_create(&self.acts(login)?, new).await.with_context(|| name.to_owned())?.value;
        let table = source.structure.tables.first().map(|table| table.name.clone()).unwrap_or_default();
        Ok((source.id, table))
    }

    async fn file(&self, department: &str, content: EntryContent) -> Result<(CatalogueEntryId, u64)> {
        let (officer, head) = (format!("{department}.officer"), format!("{department}.head"));
        let entry = self.app.entry_create(&self.acts(&officer)?, content).await?.entry;
        let id = entry.value.id;
        let entry = self.app.entry_submit(&self.acts(&officer)?, id, entry.revision).await?.entry;
        let entry = self.app.entry_approve(&self.acts(&head)?, id, entry.revision).await?.entry;
        Ok((id, entry.revision))
    }

    async fn publish(&self, department: &str, content: EntryContent) -> Result<CatalogueEntryId> {
        let (id, revision) = self.file(department, content).await?;
        self.app.entry_publish(&self.acts("authority")?, id, revision).await?;
        Ok(id)
    }

    /// A request that goes all the way to a grant.
    async fn granted(&self, entry: CatalogueEntryId, system: SystemId, today: Date) -> Result<()> {
        let content = asked(&["id_number", "name", "birth_date", "county_code", "county_name"], system, today)?;
        let content = RequestContent {
            scenario: "城乡居民养老保险待遇资格核验".to_owned(),
            purpose: "核验参保人身份与户籍，防止重复领取和冒领待遇".to_owned(),
            rows: RowFilter(vec![Condition { item: "county_code".parse()?, test: Test::StartsWith("520302".into()) }]),
            ..content
        };
        let narrowing =
            Narrowing { masks: vec![("name".parse()?, Mask::KeepEnds { head: 1, tail: 0 })], ..Narrowing::default() };
        let opinion = "依据充分、范围必要，同意共享；姓名脱敏提供。".to_owned();
        Box::pin(self.agreed("police", entry, content, Proposal::Agree { narrowing, opinion })).await?;
        Ok(())
    }

    /// The enterprises as a file, and by batch exchange into a folder; the visitor orders the first file and begins the
    /// first run.
    async fn in_bulk(&self, entry: CatalogueEntryId, system: SystemId, today: Date) -> Result<()> {
        let items = ["credit_code", "name", "registered_capital", "status", "established_on"];
        let ways = [
            (SharingMethod::FileDownload, "用人单位名录整理", "按年整理用人单位名录，开展参保扩面"),
            (SharingMethod::BatchExchange, "用人单位信息入库", "将登记信息送入社会保险业务库，核对参保单位状态"),
        ];
        for (method, scenario, purpose) in ways {
            let content = asked(&items, system, today)?;
            let (scenario, purpose) = (scenario.to_owned(), purpose.to_owned());
            // The whole register fits into a day.
            let (rows_per_call, rows_per_day) = (1_000, 1_000_000);
            let content =
                RequestContent { scenario, purpose, method: Some(method), rows_per_call, rows_per_day, ..content };
            let opinion = "依法公示的登记信息，同意共享。".to_owned();
            let proposal = Proposal::Agree { narrowing: Narrowing::default(), opinion };
            let grant = Box::pin(self.agreed("market", entry, content, proposal)).await?;
            if method == SharingMethod::BatchExchange {
                let schedule = BatchSchedule::Weekly { weekday: 7, minute: NIGHT };
                let task = NewTask { mode: BatchMode::Full, table: "enterprises".to_owned(), schedule };
                self.app
                    .batch_task_create(
                        &self.acts("social.officer")?,
                        grant,
                        task,
                        &NewTarget::Folder { format: PartFormat::Csv },
                    )
                    .await
                    .context("a task of batch exchange")?;
            }
        }
        Ok(())
    }

    /// A request that this department agrees to, and the grant that it becomes.
    async fn agreed(
        &self,
        department: &str,
        entry: CatalogueEntryId,
        content: RequestContent,
        proposal: Proposal,
    ) -> Result<GrantId> {
        let (officer, office) = (format!("{department}.officer"), format!("{department}.office"));
        let (id, revision) = self.received(entry, content).await?;
        let proposed = self.app.request_propose(&self.acts(&officer)?, id, revision, proposal).await?.request;
        let decided = self.app.request_decide(&self.acts(&office)?, id, proposed.revision).await?;
        match decided.request.value.state {
            RequestState::Agreed { grant, .. } => Ok(grant),
            _ => bail!("the request was not agreed to"),
        }
    }

    /// A request that waits for the provider, its clock running.
    async fn waiting(&self, entry: CatalogueEntryId, system: SystemId, today: Date) -> Result<()> {
        let content = asked(&["credit_code", "name", "status", "county_code"], system, today)?;
        let content = RequestContent {
            scenario: "用人单位参保登记核验".to_owned(),
            purpose: "核验用人单位登记状态".to_owned(),
            ..content
        };
        self.received(entry, content).await?;
        Ok(())
    }

    async fn received(
        &self,
        entry: CatalogueEntryId,
        content: RequestContent,
    ) -> Result<(shuqiao_vocabulary::SharingRequestId, u64)> {
        let request = self.app.request_create(&self.acts("social.officer")?, entry, content).await?.request;
        let id = request.value.id;
        let request = self.app.request_submit(&self.acts("social.officer")?, id, request.revision).await?.request;
        let request = self.app.request_consent(&self.acts("social.office")?, id, request.revision).await?.request;
        Ok((id, request.revision))
    }
}

/// What both requests have in common.
fn asked(items: &[&str], system: SystemId, today: Date) -> Result<RequestContent> {
    let until = today.checked_add(jiff::Span::new().days(365))?;
    Ok(RequestContent {
        basis: Some(LegalBasis {
            rank: BasisRank::Law,
            title: "中华人民共和国社会保险法".to_owned(),
            article: "第七十四条".to_owned(),
        }),
        scope_of_use: "市、县两级社会保险经办机构，仅限待遇核定和参保登记岗位使用".to_owned(),
        items: items.iter().map(|item| item.parse()).collect::<Result<_, _>>()?,
        method: Some(SharingMethod::ServiceInterface),
        systems: vec![system],
        calls_per_second: 20,
        rows_per_call: 100,
        rows_per_day: 10_000,
        valid_from: Some(today),
        valid_until: Some(until),
        safeguards: "系统等保三级；专线访问；最小权限；操作留痕；到期销毁。".to_owned(),
        contact_name: "李娜".to_owned(),
        contact_phone: "0851-00000000".to_owned(),
        attested: true,
        ..RequestContent::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cli::{DemoArguments, PressArguments},
        serve::Node,
    };
    use shuqiao_app::{CaseFind, Edge, GrantSide, view::GrantView};
    use shuqiao_domain::{
        case::{About, CaseAct, CaseKind, CaseMatter, ServiceChange, ServiceChangeAct, ServiceChangeKind, UsageRecord},
        grant::GrantStateName,
    };

    const DAY_SECONDS: i64 = 86_400;

    /// A demo whose story was played, in this folder.
    async fn played(folder: &std::path::Path) -> (Node, Cast) {
        let told = DemoArguments {
            data: folder.join("node"),
            listen: "127.0.0.1:0".parse().unwrap(),
            persons: 60,
            enterprises: 60,
            empty: false,
            links: None,
            database: None,
            clock_file: None,
            press: PressArguments::default(),
        };
        let press = told.press.clone().into();
        let node = Node::open(
            &told.data,
            None,
            "http://localhost",
            super::super::SEED_FILE,
            crate::cli::Reach::default(),
            press,
            Default::default(),
        )
        .await
        .unwrap();
        let links = node.first_run("http://localhost").await.unwrap();
        let cast = Cast::gather(node.app.clone(), &links).await.unwrap();
        let folder = |login: &str| node.data.intake().join(cast.organisation(login).unwrap());
        let (police, market) = (folder("police.officer"), folder("market.officer"));
        std::fs::create_dir_all(&police).unwrap();
        std::fs::create_dir_all(&market).unwrap();
        super::super::registers(&police, &market, &told).await.unwrap();
        Box::pin(cast.play()).await.unwrap();
        (node, cast)
    }

    fn in_days(days: i64) -> Edge {
        let edge = edge::edge();
        Edge { now: edge.now.plus_seconds(days * DAY_SECONDS), ..edge }
    }

    impl Cast {
        fn acts_in(&self, login: &str, days: i64) -> Ctx {
            Ctx { edge: in_days(days), ..self.acts(login).unwrap() }
        }

        async fn grants(&self, days: i64, unrecorded: bool) -> Vec<GrantView> {
            let ctx = self.acts_in("police.office", days);
            self.app.grant_list(&ctx, GrantSide::Given, unrecorded, 10, None).await.unwrap().items
        }

        async fn disposals(&self, grant: GrantId) -> usize {
            let find = CaseFind {
                kinds: vec![CaseKind::Disposal],
                about: About::grant(grant),
                limit: 10,
                ..CaseFind::default()
            };
            self.app.case_list(&self.acts("police.office").unwrap(), find).await.unwrap().items.len()
        }
    }

    #[tokio::test]
    async fn what_has_expired_is_disposed_of_once() {
        let folder = tempfile::tempdir().unwrap();
        let (node, cast) = played(folder.path()).await;
        let grant = cast.grants(0, false).await.remove(0).grant.value.id;
        assert_eq!(node.app.ends_reconcile(&in_days(365)).await.unwrap(), 0, "its last day is not over");
        assert_eq!(node.app.ends_reconcile(&in_days(366)).await.unwrap(), 3, "each grant of the story, once");
        assert_eq!(node.app.ends_reconcile(&in_days(367)).await.unwrap(), 0);
        assert_eq!(cast.disposals(grant).await, 1);
    }

    #[tokio::test]
    async fn a_filed_end_comes_on_its_day() {
        let folder = tempfile::tempdir().unwrap();
        let (node, cast) = played(folder.path()).await;
        let grant = cast.grants(0, false).await.remove(0).grant.value.id;
        let matter = ServiceChange {
            grant,
            change: ServiceChangeKind::End,
            reason: "职责已划转。".to_owned(),
            what: "改由省级平台提供。".to_owned(),
            from: in_days(30).now.date(),
            every_grant: false,
        };
        let office = cast.acts("police.office").unwrap();
        let case = node.app.case_open(&office, CaseMatter::ServiceChange(matter)).await.unwrap().hit.case;
        let id = case.value.id();
        let agree = CaseAct::ServiceChange(ServiceChangeAct::Agree { note: String::new() });
        node.app.case_act(&cast.acts("social.office").unwrap(), id, 1, agree).await.unwrap();
        let file =
            CaseAct::ServiceChange(ServiceChangeAct::File { filing_number: "遵数备〔2026〕9号".to_owned() });
        node.app.case_act(&cast.acts("authority").unwrap(), id, 2, file).await.unwrap();
        assert_eq!(node.app.ends_reconcile(&in_days(29)).await.unwrap(), 0);
        assert_eq!(cast.grants(29, false).await.remove(0).state, GrantStateName::Active);
        assert_eq!(node.app.ends_reconcile(&in_days(30)).await.unwrap(), 1);
        assert_eq!(cast.grants(30, false).await.remove(0).state, GrantStateName::Revoked);
        assert_eq!(node.app.ends_reconcile(&in_days(800)).await.unwrap(), 2, "the other grants, past their last day");
        assert_eq!(cast.disposals(grant).await, 1);
    }

    #[tokio::test]
    async fn a_quarter_without_a_record_of_use_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let (node, cast) = played(folder.path()).await;
        // Half a year later there is a whole quarter behind the grant.
        assert!(cast.grants(0, true).await.is_empty());
        let found = cast.grants(190, true).await;
        assert_eq!(found.len(), 1);
        let (from, until) = UsageRecord::period_before(in_days(190).now.date());
        let text = || "说明。".to_owned();
        let record = UsageRecord {
            grant: found[0].grant.value.id,
            from,
            until,
            scenario: text(),
            process: text(),
            effect: text(),
            storage: text(),
            destruction: text(),
        };
        let officer = cast.acts_in("social.officer", 190);
        node.app.case_open(&officer, CaseMatter::UsageRecord(record)).await.unwrap();
        assert!(cast.grants(190, true).await.is_empty());
    }
}
