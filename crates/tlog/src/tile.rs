//! Tiles: the tree and its entries as files that never change (`c2sp.org/tlog-tiles`).
//!
//! A tile is a row of up to 256 nodes; the rows between are left out, for a reader can compute them. A tile that is not
//! full yet carries its width in its name, so that a name always means the same bytes.

use crate::{ENTRY_BYTES_MAX, NodeAt, SIZE_MAX, encoding};

/// Hashes in a full tile, entries in a full bundle.
pub const WIDTH_FULL: u16 = 256;

/// The height of a tile, in levels of the tree.
const HEIGHT: u8 = 8;

/// The highest level of tiles: in a tree of [`SIZE_MAX`] entries there is nothing above it.
const LEVEL_MAX: u8 = 7;

/// The longest path of a tile, in bytes, with room to spare.
const PATH_BYTES_MAX: usize = 64;

/// The place of a tile of hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TileAt {
    /// Level of the tile, 0 to 7; its hashes are nodes of level `8 * level`.
    pub level: u8,
    /// Number within the level, from 0.
    pub index: u64,
    /// How many hashes it has, 1 to 256.
    pub width: u16,
}

/// The place of a bundle of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BundleAt {
    /// Number of the bundle, from 0.
    pub index: u64,
    /// How many entries it has, 1 to 256.
    pub width: u16,
}

/// What a path under `tile/` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TilePath {
    /// Hashes: `tile/<L>/<N>[.p/<W>]`.
    Hashes(TileAt),
    /// Entries: `tile/entries/<N>[.p/<W>]`.
    Entries(BundleAt),
}

/// A path that names no tile, or a bundle that holds no entries.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not the path of a tile.
    #[error(
        "this is not the path of a tile: `tile/<level>/<number>` is expected, with `.p/<width>` when it is not full"
    )]
    Path,
    /// An entry longer than a bundle can say.
    #[error("an entry of {0} bytes is longer than the {ENTRY_BYTES_MAX} that a log takes")]
    EntryTooLong(usize),
    /// More than 256 entries.
    #[error("a bundle holds at most {WIDTH_FULL} entries")]
    TooManyEntries,
    /// The bundle ends within an entry.
    #[error("the bundle ends in the middle of an entry")]
    Truncated,
}

impl TileAt {
    /// `tile/0/x001/x234/067`, `tile/1/000.p/17`.
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, numbered(self.index, self.width))
    }

    /// Reads the path of a tile of hashes.
    ///
    /// # Errors
    /// When it names none.
    pub fn parse(path: &str) -> Result<Self, TileError> {
        match TilePath::parse(path)? {
            TilePath::Hashes(tile) => Ok(tile),
            TilePath::Entries(_) => Err(TileError::Path),
        }
    }

    /// The nodes whose hashes, one after the other, are the tile.
    pub fn nodes(&self) -> Vec<NodeAt> {
        let first = self.index.saturating_mul(u64::from(WIDTH_FULL));
        let level = self.level.saturating_mul(HEIGHT);
        (0..u64::from(self.width)).map(|n| NodeAt { level, index: first.saturating_add(n) }).collect()
    }

    /// Whether a tree of `size` entries has this tile: all its nodes are complete.
    pub fn is_within(&self, size: u64) -> bool {
        let last = self.index.saturating_mul(256).saturating_add(u64::from(self.width)).saturating_sub(1);
        let node = NodeAt { level: self.level.saturating_mul(HEIGHT), index: last };
        is_width(self.width) && node.is_within(size)
    }

    /// The tile, at its full or present width, that holds this node's nearest stored descendants, for a tree of `size`
    /// entries. `None` when the node is not complete in such a tree.
    pub fn holding(node: NodeAt, size: u64) -> Option<Self> {
        if !node.is_within(size) {
            return None;
        }
        let level = node.level / HEIGHT;
        let first = node.index.checked_shl(u32::from(node.level % HEIGHT))?;
        let index = first / u64::from(WIDTH_FULL);
        let complete = (size >> (level.saturating_mul(HEIGHT))).saturating_sub(index.saturating_mul(256));
        let width = u16::try_from(complete).unwrap_or(WIDTH_FULL).min(WIDTH_FULL);
        Some(Self { level, index, width })
    }
}

impl BundleAt {
    /// `tile/entries/x001/x234/067`, `tile/entries/000.p/17`.
    pub fn path(&self) -> String {
        format!("tile/entries/{}", numbered(self.index, self.width))
    }

    /// The entries it holds, as a range of indexes.
    pub fn entries(&self) -> std::ops::Range<u64> {
        let first = self.index.saturating_mul(u64::from(WIDTH_FULL));
        first..first.saturating_add(u64::from(self.width))
    }

    /// Whether a tree of `size` entries has this bundle.
    pub fn is_within(&self, size: u64) -> bool {
        is_width(self.width) && self.entries().end <= size
    }
}

impl TilePath {
    /// Reads a path, without a slash in front.
    ///
    /// # Errors
    /// When it names neither a tile nor a bundle, or not in the one right spelling.
    pub fn parse(path: &str) -> Result<Self, TileError> {
        if path.len() > PATH_BYTES_MAX {
            return Err(TileError::Path);
        }
        let rest = path.strip_prefix("tile/").ok_or(TileError::Path)?;
        let (level, number) = rest.split_once('/').ok_or(TileError::Path)?;
        let (index, width) = from_numbered(number).ok_or(TileError::Path)?;
        if level == "entries" {
            return Ok(Self::Entries(BundleAt { index, width }));
        }
        let level = encoding::decimal(level).and_then(|level| u8::try_from(level).ok());
        let level = level.filter(|level| *level <= LEVEL_MAX).ok_or(TileError::Path)?;
        Ok(Self::Hashes(TileAt { level, index, width }))
    }

    /// The path, without a slash in front.
    pub fn path(&self) -> String {
        match self {
            Self::Hashes(tile) => tile.path(),
            Self::Entries(bundle) => bundle.path(),
        }
    }
}

fn is_width(width: u16) -> bool {
    (1..=WIDTH_FULL).contains(&width)
}

/// `<N>[.p/<W>]`.
fn numbered(index: u64, width: u16) -> String {
    let mut text = format!("{:03}", index % 1_000);
    let mut rest = index / 1_000;
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1_000);
        rest /= 1_000;
    }
    if width < WIDTH_FULL { format!("{text}.p/{width}") } else { text }
}

/// Reads `<N>[.p/<W>]`.
fn from_numbered(text: &str) -> Option<(u64, u16)> {
    let (number, width) = match text.split_once(".p/") {
        Some((number, width)) => (number, u16::try_from(encoding::decimal(width)?).ok()?),
        None => (text, WIDTH_FULL),
    };
    let mut index = 0_u64;
    for element in number.split('/') {
        let digits = element.strip_prefix('x').unwrap_or(element);
        if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1_000)?.checked_add(digits.parse().ok()?)?;
    }
    // Printing again settles the rest: which elements begin with `x`, no empty leading element, no width of a full tile.
    let sound = is_width(width) && index <= SIZE_MAX / u64::from(WIDTH_FULL) && numbered(index, width) == text;
    sound.then_some((index, width))
}

/// The bytes of a bundle: each entry behind its length in 16 bits, big-endian.
///
/// # Errors
/// When an entry is too long or there are more than 256.
pub fn encode_bundle<T: AsRef<[u8]>>(entries: &[T]) -> Result<Vec<u8>, TileError> {
    if entries.len() > usize::from(WIDTH_FULL) {
        return Err(TileError::TooManyEntries);
    }
    let mut bytes = Vec::new();
    for entry in entries.iter().map(AsRef::as_ref) {
        let length = u16::try_from(entry.len()).map_err(|_| TileError::EntryTooLong(entry.len()))?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle.
///
/// # Errors
/// When it ends within an entry or holds more than 256.
pub fn decode_bundle(bytes: &[u8]) -> Result<Vec<&[u8]>, TileError> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        if entries.len() == usize::from(WIDTH_FULL) {
            return Err(TileError::TooManyEntries);
        }
        let (length, after) = rest.split_first_chunk::<2>().ok_or(TileError::Truncated)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or(TileError::Truncated)?;
        entries.push(entry);
        rest = after;
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_print_as_in_the_specification() {
        let cases = [
            (TileAt { level: 0, index: 1_234_067, width: 256 }, "tile/0/x001/x234/067"),
            (TileAt { level: 0, index: 273, width: 112 }, "tile/0/273.p/112"),
            (TileAt { level: 2, index: 0, width: 1 }, "tile/2/000.p/1"),
            (TileAt { level: 7, index: 1_000, width: 255 }, "tile/7/x001/000.p/255"),
        ];
        for (tile, path) in cases {
            assert_eq!(tile.path(), path);
            assert_eq!(TileAt::parse(path), Ok(tile));
        }
        let bundle = BundleAt { index: 1_234_067, width: 17 };
        assert_eq!(bundle.path(), "tile/entries/x001/x234/067.p/17");
        assert_eq!(TilePath::parse(&bundle.path()), Ok(TilePath::Entries(bundle)));
        assert_eq!(TileAt::parse(&bundle.path()), Err(TileError::Path));
    }

    #[test]
    fn paths_have_one_spelling() {
        let bad = [
            "",
            "tile",
            "tile/",
            "tile/0",
            "tile/0/",
            "/tile/0/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/00/000",
            "tile/8/000",
            "tile/63/000",
            "tile/-1/000",
            "tile/0/x000/000",
            "tile/0/001/000",
            "tile/0/x001",
            "tile/0/x001/x000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/0/000.p",
            "tile/0/000/",
            "tile/0/000.p/1/",
            "tile/0/../000",
            "tile/entries/..",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
            "tile/8/0/000",
            "tile/0/00\u{661}",
        ];
        for path in bad {
            assert_eq!(TilePath::parse(path), Err(TileError::Path), "{path}");
        }
    }

    #[test]
    fn the_tiles_of_a_tree_are_those_of_the_specification() {
        // A tree of 70,000: 273 full tiles and one of 112, then one full and one of 17, then one of 1.
        let has = |level, index, width| TileAt { level, index, width }.is_within(70_000);
        assert!(has(0, 272, 256) && has(0, 273, 112) && !has(0, 273, 113) && !has(0, 274, 1));
        assert!(has(1, 0, 256) && has(1, 1, 17) && !has(1, 1, 18));
        assert!(has(2, 0, 1) && !has(2, 0, 2) && !has(3, 0, 1));
        assert!(BundleAt { index: 273, width: 112 }.is_within(70_000));
        assert!(!BundleAt { index: 273, width: 113 }.is_within(70_000));
        assert!(!has(0, 0, 0) && !has(0, 0, 257) && !has(0, u64::MAX, 256) && !has(255, 0, 1));
        assert!(
            !BundleAt { index: 0, width: 0 }.is_within(70_000) && !BundleAt { index: u64::MAX, width: 1 }.is_within(9)
        );
    }

    #[test]
    fn nodes_are_found_in_tiles() {
        let holding = |level, index, size| TileAt::holding(NodeAt { level, index }, size);
        assert_eq!(holding(0, 69_999, 70_000), Some(TileAt { level: 0, index: 273, width: 112 }));
        assert_eq!(holding(0, 5, 70_000), Some(TileAt { level: 0, index: 0, width: 256 }));
        assert_eq!(holding(7, 3, 70_000), Some(TileAt { level: 0, index: 1, width: 256 }));
        assert_eq!(holding(9, 129, 70_000), Some(TileAt { level: 1, index: 1, width: 17 }));
        assert_eq!(holding(0, 70_000, 70_000), None);
    }

    #[test]
    fn bundles_round_trip_and_are_bounded() {
        let longest = vec![7; ENTRY_BYTES_MAX];
        let entries: [&[u8]; 4] = [b"", b"a", &longest, b"\x00\x01"];
        let bytes = encode_bundle(&entries).expect("four entries");
        assert_eq!(decode_bundle(&bytes), Ok(entries.to_vec()));
        for cut in [1, 2, 3, bytes.len() - 1] {
            let whole = decode_bundle(bytes.get(..cut).expect("shorter")).is_ok();
            assert_eq!(whole, cut == 2, "{cut}");
        }
        assert_eq!(encode_bundle(&[vec![0; ENTRY_BYTES_MAX + 1]]), Err(TileError::EntryTooLong(65_536)));
        assert_eq!(encode_bundle(&[[]; 257]), Err(TileError::TooManyEntries));
        assert_eq!(decode_bundle(&[0; 2 * 257]), Err(TileError::TooManyEntries));
    }
}
