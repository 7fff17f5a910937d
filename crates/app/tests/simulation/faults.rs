//! What goes wrong: answers that are lost, screens that are old, two at once, a program that is killed, a notice of the
//! calendar that comes late, reconcilers that run whenever they like.

use crate::{
    city::City,
    officials::{Act, act_on, check_record},
};
use shuqiao_app::{
    AppError, Ctx, nation,
    view::{NoticeDays, Outcome},
};
use shuqiao_domain::request::RequestVerb;
use shuqiao_vocabulary::{Date, SharingRequestId};
use std::{future::poll_fn, pin::pin, task::Poll};

impl City {
    /// The answer was lost and the caller sends the same again: nothing changes, and the answer is the same thing.
    pub(crate) async fn send_again(&mut self, first: &Ctx, id: SharingRequestId, seen: u64, act: &Act) {
        let start = self.journal_head().await;
        let again = self.again(first);
        let view = act_on(&self.app.clone(), &again, id, seen, act).await.expect("what was done is answered again");
        assert_eq!(self.journal_head().await, start, "sent again, nothing is recorded");
        assert_eq!((&view.request.value, view.request.revision), {
            let known = &self.requests[&id];
            (&known.value, known.revision)
        });
        self.count("sent again");
    }

    /// Somebody acts on what an old screen shows: never done.
    pub(crate) async fn stale_step(&mut self) {
        let id = self.some_open();
        let act = self.next_act(id);
        let who = self.lawful(id, act.verb);
        let seen = self.requests[&id].revision - 1;
        let ctx = self.ctx(&who);
        let start = self.journal_head().await;
        let answer = act_on(&self.app.clone(), &ctx, id, seen, &act).await;
        assert!(answer.is_err(), "{act:?} on an old revision");
        check_record(&ctx, &answer, &self.journal_since(start).await);
        self.take_up(id, act.verb, answer).await;
        self.count("old revision");
    }

    /// Two officials of one office do the same at once: one wins. Which of them, only the machine knows; what the city
    /// does next depends on it no more than by the name.
    pub(crate) async fn race_step(&mut self) {
        let id = self.some_open();
        let act = self.next_act(id);
        let provider = self.department(self.requests[&id].value.provider);
        let requester = self.department(self.requests[&id].value.requester);
        let (one, other) = match act.verb {
            RequestVerb::Decide | RequestVerb::ReturnProposal => (&provider.head, &provider.both),
            RequestVerb::Propose | RequestVerb::AskSupplement => (&provider.officer, &provider.both),
            RequestVerb::Consent => (&requester.head, &requester.both),
            _ => (&requester.officer, &requester.both),
        };
        let (one, other) = (one.clone(), other.clone());
        let seen = self.requests[&id].revision;
        let (first, second) = (self.ctx(&one), self.ctx(&other));
        let start = self.journal_head().await;
        let run = |ctx: Ctx| {
            let (app, act) = (self.app.clone(), act.clone());
            tokio::spawn(async move { act_on(&app, &ctx, id, seen, &act).await })
        };
        let (first, second) = (run(first), run(second));
        let answers = [first.await.unwrap(), second.await.unwrap()];
        let done = self
            .journal_since(start)
            .await
            .iter()
            .filter(|row| row.outcome == Outcome::Done && row.event != "GrantBegun")
            .count();
        let won = answers.iter().filter(|answer| answer.is_ok()).count();
        assert!(won <= 1, "both have won: {act:?}");
        assert_eq!(done, won, "one record for the one who won");
        let mut answers = answers.into_iter();
        let winner = answers.find(|answer| answer.is_ok());
        if let Some(winner) = winner {
            self.take_up(id, act.verb, winner).await;
            self.count("race won");
        } else {
            self.take_up(id, act.verb, Err(AppError::Stale { found: seen })).await;
            self.count("race without a winner");
        }
    }

    /// The program is killed while it does something: it is done and recorded, or neither. Sent again, it is done once.
    pub(crate) async fn kill_step(&mut self) {
        let id = self.some_open();
        let act = self.next_act(id);
        let who = self.lawful(id, act.verb);
        let seen = self.requests[&id].revision;
        let ctx = self.ctx(&who);
        let start = self.journal_head().await;
        let polls = self.dice.below(60);
        let app = self.app.clone();
        let mut left = polls;
        let cut = {
            let mut work = pin!(act_on(&app, &ctx, id, seen, &act));
            poll_fn(|context| {
                if left == 0 {
                    return Poll::Ready(true);
                }
                left -= 1;
                work.as_mut().poll(context).map(|_| false)
            })
            .await
        };
        drop(app);
        self.kill().await;
        let rows = self.journal_since(start).await;
        let found = self.store.begin_read().await.unwrap().request_fetch(id).await.unwrap();
        let done = rows.iter().any(|row| row.outcome == Outcome::Done);
        assert_eq!(done, found.revision != seen, "done and recorded, or neither: {act:?} after {polls} polls");
        self.count(if cut && done {
            "killed after the commit"
        } else if cut {
            "killed before the commit"
        } else {
            "killed at rest"
        });
        let again = self.again(&ctx);
        let answer = act_on(&self.app.clone(), &again, id, seen, &act).await;
        assert!(!done || answer.is_ok(), "what was done is answered: {:?}", answer.err());
        if done {
            assert_eq!(self.journal_since(start).await.len(), rows.len(), "done once");
        }
        self.take_up(id, act.verb, answer).await;
    }

    /// A day more to rest, announced when clocks already run over it.
    pub(crate) async fn late_notice(&mut self, off: Date) {
        let days = NoticeDays { off: [off].into(), ..NoticeDays::default() };
        let notice =
            nation(off.year(), format!("国办发明电〔{}〕99号", off.year()), "https://www.gov.cn/sim".into(), days);
        let ctx = self.ctx(&self.authority.clone());
        let start = self.journal_head().await;
        self.app.calendar_notice_add(&ctx, notice).await.unwrap();
        self.holidays.rest_too(off);
        for _ in 0..20 {
            let edge = self.edge();
            self.app.clocks_reconcile(&edge).await.unwrap();
        }
        let rows = self.journal_since(start).await;
        assert!(rows.iter().any(|row| row.event == "CalendarNoticeAdded"));
        self.take_up_recomputed(&rows).await;
        self.count("late notice");
    }

    /// Reconcilers in any order, each twice: the second time there is nothing left to do.
    pub(crate) async fn reconcile(&mut self) {
        let mut order = [0, 1, 2, 3, 4, 5];
        for position in (1..order.len()).rev() {
            order.swap(position, self.dice.below(position + 1));
        }
        for task in order {
            for turn in 0..2 {
                let edge = self.edge();
                let steps = match task {
                    0 => u64::from(self.app.clocks_reconcile(&edge).await.unwrap()),
                    1 => u64::from(self.app.reminders_reconcile(&edge).await.unwrap()),
                    2 => self.app.delivery_reconcile(&edge).await.unwrap(),
                    3 => self.app.book_reconcile(self.now).await.map(|()| 0).unwrap(),
                    4 => self.app.checkpoint_reconcile(self.now).await.map(|_| 0).unwrap(),
                    _ => self.app.usage_anchor(&edge).await.map(|()| 0).unwrap(),
                };
                assert!(turn == 0 || steps == 0, "reconciler {task} found work again");
            }
        }
        self.settled_meanwhile().await;
        self.count("reconciled");
    }

    /// Deliveries that lapsed with their grants: the only thing that reconcilers do to requests on an unchanged calendar.
    async fn settled_meanwhile(&mut self) {
        for id in self.open.clone() {
            let found = self.store.begin_read().await.unwrap().request_fetch(id).await.unwrap();
            let known = &self.requests[&id];
            if found.revision == known.revision {
                continue;
            }
            let (before, after) = (known.value.state.delivery().unwrap(), found.value.state.delivery().unwrap());
            assert!(before.settled.is_none() && after.settled.is_some(), "{id}");
            assert_eq!(before.clock, after.clock);
            self.requests.insert(id, found);
            self.open.retain(|other| *other != id);
            self.count("delivery lapsed");
        }
    }
}
