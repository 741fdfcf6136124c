//! Tail probabilities of the normal distribution, the same bits on every machine.
//!
//! The `exp` and `ln` of the standard library come from the platform and differ between platforms
//! in the last bit; figures that are printed use the `libm` crate instead.

/// The chance that a standard normal value lies at least `z` from 0 on either side, 0 to 1.
///
/// P = erfc(|z| / √2) (Abramowitz & Stegun 1964, chapters 7 and 26).
pub fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() * std::f64::consts::FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_as_tabulated() {
        for (z, p) in [
            (0.0, 1.0),
            (1.0, 0.317_310_507_862_914_1),
            (-1.959_963_984_540_054, 0.05),
            (3.0, 0.002_699_796_063_260_189),
            (6.0, 1.973_175_290_075_396_5e-9),
            // Far out the value would be 0 if it were made as 1 minus something.
            (20.0, 5.507_248_237_212_467e-89),
        ] {
            let found = two_sided(z);
            assert!((found - p).abs() <= 1e-13 * p, "{z}: {found} is not {p}");
        }
        assert!(two_sided(f64::INFINITY).abs() < f64::MIN_POSITIVE);
    }
}
