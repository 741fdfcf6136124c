//! Tail probabilities of the normal distribution and of Student's t, the same bits on every machine.
//!
//! The `exp` and `ln` of the standard library come from the platform and differ between platforms
//! in the last bit; figures that are printed use the `libm` crate instead.

/// The chance that a standard normal value lies at least `z` from 0 on either side, 0 to 1.
///
/// P = erfc(|z| / √2) (Abramowitz & Stegun 1964, chapters 7 and 26).
pub fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() * std::f64::consts::FRAC_1_SQRT_2)
}

/// The chance that a value of Student's t with `freedom` degrees lies at least `t` from 0 on either side, 0 to 1.
///
/// P = I(ν/(ν+t²); ν/2, 1/2), with the regularized incomplete beta function (Abramowitz & Stegun 1964, 26.7.1).
pub fn student_two_sided(t: f64, freedom: f64) -> f64 {
    if !t.is_finite() {
        return 0.0;
    }
    incomplete_beta(freedom / (freedom + t * t), freedom / 2.0, 0.5)
}

/// The regularized incomplete beta function I(x; a, b) by its continued fraction (DLMF 8.17.22), which
/// converges quickly below the mean; above it, by symmetry.
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let front = libm::exp(a * libm::log(x) + b * libm::log1p(-x) - beta) / a;
    front / fraction(x, a, b)
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    /// Far more steps than any `x` below the mean takes.
    const STEPS: u32 = 500;
    /// In place of a denominator of 0.
    const TINY: f64 = 1e-300;
    let kept = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut value, mut up, mut down) = (1.0, 1.0, 0.0);
    for step in 1..STEPS {
        let m = f64::from(step / 2);
        let factor = if step % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        down = 1.0 / kept(1.0 + factor * down);
        up = kept(1.0 + factor / up);
        value *= up * down;
        if (up * down - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_student_as_tabulated() {
        for (t, freedom, p) in [
            (0.0, 5.0, 1.0),
            (1.0, 1.0, 0.5),
            (12.706_204_736_432_095, 1.0, 0.05),
            (-2.776_445_105_197_799_6, 4.0, 0.05),
            (2.756_385_903_670_335, 29.0, 0.01),
            (1.0, 1e6, 0.317_310_8),
        ] {
            let found = student_two_sided(t, freedom);
            assert!(
                (found - p).abs() <= 2e-7 * p,
                "{t} {freedom}: {found} is not {p}"
            );
        }
        assert!(student_two_sided(1e9, 4.0) < 1e-30);
    }

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
