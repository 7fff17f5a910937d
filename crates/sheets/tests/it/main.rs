//! The room of workbooks, by real files and by hostile ones.

mod forms;
mod hostile;
mod real;
mod round_trip;
mod support;
