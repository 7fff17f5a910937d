//! The reconciler of the grant book: the planes serve from what the store says, and from nothing else.

use crate::{App, AppError, book_signatures::signed_grants, port::BookContents};
use shuqiao_vocabulary::Moment;
use std::collections::BTreeSet;

impl App {
    /// Publishes the book after something that is done and recorded. A failure does not undo it, so the caller is not told
    /// one: the reconciler's next turn tries again, and until then a book that nobody confirms denies within five seconds.
    pub(crate) async fn book_refresh(&self, now: Moment) {
        if let Err(error) = self.book_reconcile(now).await {
            tracing::error!(error = %error, "the book of grants could not be published after a change");
        }
    }

    /// Publishes the book when its epoch has changed, confirms it when not. Runs every second and after each change of
    /// a grant, a system or a source; may run twice.
    pub async fn book_reconcile(&self, now: Moment) -> Result<(), AppError> {
        let mut published = self.published_epoch.lock().await;
        let mut tx = self.store.begin_read().await?;
        let epoch = tx.grant_epoch().await?;
        if *published == Some(epoch) {
            drop(tx);
            self.book.confirm(epoch, now).await;
            return Ok(());
        }
        let grants = tx.grant_live(now).await?;
        let systems = tx.system_list(None).await?.into_iter().filter(|s| s.active).collect();
        let wanted: BTreeSet<_> = grants.iter().map(|grant| grant.terms.resource.source).collect();
        let mut sources = Vec::with_capacity(wanted.len());
        for id in wanted {
            sources.push(tx.source_fetch(id).await?.value);
        }
        let signed = signed_grants(&mut tx, &grants).await?;
        drop(tx);
        let contents = BookContents { epoch, grants, systems, sources, signed };
        self.book.publish(contents, now).await.map_err(AppError::Fault)?;
        *published = Some(epoch);
        Ok(())
    }
}
