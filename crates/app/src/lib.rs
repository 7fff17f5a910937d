//! Use cases: where policy, domain and store meet
