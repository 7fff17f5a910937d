//! The QR code, as rows of dark modules.

use crate::PaperError;
use qrcodegen::{QrCode, QrCodeEcc};

/// Free modules around the code, as its standard asks.
const QUIET: i32 = 4;

/// A QR code to be drawn: dark modules in horizontal runs.
pub(crate) struct Qr {
    /// Modules along one side, with the free ones around.
    pub(crate) size: i64,
    /// Left, top and length of each run.
    pub(crate) runs: Vec<[i64; 3]>,
}

/// The code of an address.
pub(crate) fn qr(address: &str) -> Result<Qr, PaperError> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium)
        .map_err(|_| PaperError::TooLarge { what: "bytes of the address in the QR code", max: 2_331 })?;
    let mut runs = Vec::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                runs.push([i64::from(start + QUIET), i64::from(y + QUIET), i64::from(x - start)]);
            }
            x += 1;
        }
    }
    Ok(Qr { size: i64::from(code.size() + 2 * QUIET), runs })
}

#[cfg(test)]
mod tests {
    use super::qr;

    #[test]
    fn runs_are_the_dark_modules() {
        let address = "https://node.example/verify/SLTZ-2026-000001";
        let code = qrcodegen::QrCode::encode_text(address, qrcodegen::QrCodeEcc::Medium).unwrap();
        let drawn = qr(address).unwrap();
        let mut dark = 0;
        for [x, y, length] in &drawn.runs {
            for module in *x..x + length {
                assert!(code.get_module(i32::try_from(module).unwrap() - 4, i32::try_from(*y).unwrap() - 4));
                dark += 1;
            }
        }
        let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        assert_eq!(dark, all.filter(|(x, y)| code.get_module(*x, *y)).count());
        assert_eq!(drawn.size, i64::from(code.size() + 8));
    }

    #[test]
    fn an_endless_address_is_refused() {
        assert!(qr(&"x".repeat(3_000)).is_err());
    }
}
