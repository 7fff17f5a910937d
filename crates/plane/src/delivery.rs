//! The bulk ways of sharing: whole tables instead of single answers (文件下载, 批量交换). Both take their rows from
//! [`pages::Pages`], which goes through the one enforcement point for every page, and end with a signed receipt.

pub mod batch;
pub(crate) mod file;
pub(crate) mod pages;
pub mod receipt;
pub(crate) mod share;

pub use file::FileLimits;
