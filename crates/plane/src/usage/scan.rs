//! Reading all of a usage log while somebody else may be writing it.

use super::{
    record::UsageRecord,
    store::{Reader, read_frame},
};
use std::{fs::File, io};

impl Reader {
    /// Hands out every record that is there, in order; nothing is checked but that it can be read.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn each(&self, take: &mut dyn FnMut(UsageRecord)) -> io::Result<()> {
        for start in self.segments()? {
            let segment = File::open(self.segment_path(start))?;
            let mut at = 0;
            while let Some((frame, next)) = read_frame(&segment, at)? {
                if let Some((record, _)) = UsageRecord::from_body(&frame.body) {
                    take(record);
                }
                at = next;
            }
        }
        Ok(())
    }
}
