//! Who may do what: Cedar policies and the Permit
