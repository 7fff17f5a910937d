//! Working days and statutory deadlines
