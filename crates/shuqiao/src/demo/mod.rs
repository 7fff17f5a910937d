//! What the demo ships: the real administrative divisions, and registers of people and enterprises that do not exist.
//!
//! Everything here is a function of its arguments and a seed: no clock and no chance of the machine, so that every demo
//! on every machine holds the same rows. Every record says of itself that it is synthetic.

pub(crate) mod chance;
pub(crate) mod enterprises;
pub(crate) mod licences;
pub(crate) mod names;
pub(crate) mod people;
pub(crate) mod regions;
pub(crate) mod register;
