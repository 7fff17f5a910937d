//! The law as pure state machines, one module per aggregate
