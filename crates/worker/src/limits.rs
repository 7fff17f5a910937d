//! Hard limits that this process puts on itself (INVARIANT everything-has-a-limit). The kernel holds them.

use rustix::{
    io::Errno,
    process::{Resource, Rlimit, setrlimit},
};
use std::io::{Error, ErrorKind, Read as _, Result};

/// Address space in bytes: fonts of tens of megabytes and the typesetter's working space.
const MEMORY_BYTES_MAX: u64 = 1_536 * 1024 * 1024;
/// Seconds of processor time; then the kernel ends the process.
const CPU_SECONDS_MAX: u64 = 25;
/// Largest file that standard output may become, in bytes.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Largest request in bytes.
pub(crate) const REQUEST_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Address space that a query engine needs beside the memory it accounts for: its code, its threads, what its
/// accounting leaves out.
const ENGINE_BYTES: u64 = 1_536 * 1024 * 1024;

/// Bounds memory and time of an engine's work, and leaves no trace of memory on the disk. The engine refuses what does
/// not fit its memory by itself; this is for what it does not account for.
pub(crate) fn set_for_engine(memory_bytes: u64, temp_bytes: u64, cpu_seconds: u64) -> Result<()> {
    bound(Resource::Core, 0)?;
    bound(Resource::As, memory_bytes.saturating_add(ENGINE_BYTES))?;
    bound(Resource::Fsize, temp_bytes)?;
    // The second in between makes it a signal of its own, by which the node knows the reason.
    bound_between(Resource::Cpu, cpu_seconds, cpu_seconds.saturating_add(1))
}

/// Bounds memory and time, and leaves no trace of memory on the disk.
pub(crate) fn set() -> Result<()> {
    for (resource, most) in [
        (Resource::As, MEMORY_BYTES_MAX),
        (Resource::Cpu, CPU_SECONDS_MAX),
        // For an answer that goes into a file; nothing else is written.
        (Resource::Fsize, ANSWER_BYTES_MAX),
        // A core dump could hold what a paper says.
        (Resource::Core, 0),
    ] {
        bound(resource, most)?;
    }
    // One thread beside this one, whatever the machine has: each would reserve address space of its own.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().map_err(Error::other)
}

/// Gives up the right to open anything: from here on no file can be read and no connection made.
pub(crate) fn close_the_door() -> Result<()> {
    bound(Resource::Nofile, 0)
}

fn bound(resource: Resource, most: u64) -> Result<()> {
    bound_between(resource, most, most)
}

fn bound_between(resource: Resource, current: u64, maximum: u64) -> Result<()> {
    match setrlimit(resource, Rlimit { current: Some(current), maximum: Some(maximum) }) {
        Ok(()) => Ok(()),
        // Somebody bounds us harder already.
        Err(Errno::PERM) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The whole of standard input.
pub(crate) fn read_request() -> Result<Vec<u8>> {
    let mut request = Vec::new();
    std::io::stdin().lock().take(REQUEST_BYTES_MAX + 1).read_to_end(&mut request)?;
    if u64::try_from(request.len()).unwrap_or(u64::MAX) > REQUEST_BYTES_MAX {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(request)
}
