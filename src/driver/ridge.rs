//! Ridge regression on a few columns, from their sums of products.
//!
//! β = (G + Λ)⁻¹·m with G = Xᵀ·X, m = Xᵀ·y and Λ a penalty for each column (Hoerl & Kennard 1970,
//! *Ridge regression*, Technometrics 12); its covariance is σ²·(G + Λ)⁻¹·G·(G + Λ)⁻¹. Solved by
//! Cholesky's decomposition, G + Λ = L·Lᵀ.

/// The sums of products that a regression needs.
pub(super) struct Sums {
    /// Xᵀ·X, row by row.
    pub gram: Vec<f64>,
    /// Xᵀ·y.
    pub moments: Vec<f64>,
    /// yᵀ·y.
    pub squares: f64,
    /// Rows of X.
    pub rows: f64,
}

/// A coefficient and its standard error, in the unit of y.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Estimated {
    pub value: f64,
    pub standard_error: f64,
}

/// The coefficients; `None` when rows are not more than columns, or the columns cannot be told
/// apart.
pub(super) fn fit(sums: &Sums, penalties: &[f64]) -> Option<Vec<Estimated>> {
    let columns = penalties.len();
    let freedom = sums.rows - columns as f64;
    if freedom <= 0.0 {
        return None;
    }
    let mut penalised = sums.gram.clone();
    for (at, penalty) in penalties.iter().enumerate() {
        *penalised.get_mut(at * columns + at)? += penalty;
    }
    let factor = Factor::of(penalised, columns)?;
    let values = factor.solve(&sums.moments);
    // Σ(y - X·β)² = yᵀ·y - 2·βᵀ·m + βᵀ·G·β.
    let residual =
        sums.squares - 2.0 * dot(&values, &sums.moments) + quadratic(&sums.gram, &values);
    let variance = residual.max(0.0) / freedom;
    let estimated = values.iter().enumerate().map(|(at, value)| {
        let mut unit = vec![0.0; columns];
        unit[at] = 1.0;
        let row = factor.solve(&unit);
        Estimated {
            value: *value,
            standard_error: (variance * quadratic(&sums.gram, &row)).max(0.0).sqrt(),
        }
    });
    Some(estimated.collect())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// xᵀ·G·x.
fn quadratic(gram: &[f64], x: &[f64]) -> f64 {
    let rows = gram.chunks_exact(x.len().max(1));
    rows.zip(x).map(|(row, x_row)| x_row * dot(row, x)).sum()
}

/// The lower factor L of a symmetric matrix, row by row.
struct Factor {
    lower: Vec<f64>,
    size: usize,
}

impl Factor {
    /// `None` when the matrix is not positive definite.
    fn of(mut matrix: Vec<f64>, size: usize) -> Option<Self> {
        if matrix.len() != size * size {
            return None;
        }
        for row in 0..size {
            for column in 0..=row {
                let done: f64 = (0..column)
                    .map(|k| matrix[row * size + k] * matrix[column * size + k])
                    .sum();
                let rest = matrix[row * size + column] - done;
                matrix[row * size + column] = if row > column {
                    rest / matrix[column * size + column]
                } else if rest > 1e-9 * matrix[row * size + row] {
                    // Less than this share of its length left: the column repeats others.
                    rest.sqrt()
                } else {
                    return None;
                };
            }
        }
        Some(Self {
            lower: matrix,
            size,
        })
    }

    /// x with L·Lᵀ·x = `right`, which has as many values as the matrix has rows.
    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let at = |row: usize, column: usize| self.lower[row * self.size + column];
        let mut x = right.to_vec();
        for row in 0..self.size {
            let done: f64 = (0..row).map(|k| at(row, k) * x[k]).sum();
            x[row] = (x[row] - done) / at(row, row);
        }
        for row in (0..self.size).rev() {
            let done: f64 = (row + 1..self.size).map(|k| at(k, row) * x[k]).sum();
            x[row] = (x[row] - done) / at(row, row);
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(rows: &[([f64; 2], f64)]) -> Sums {
        let mut sums = Sums {
            gram: vec![0.0; 4],
            moments: vec![0.0; 2],
            squares: 0.0,
            rows: rows.len() as f64,
        };
        for (x, y) in rows {
            for i in 0..2 {
                sums.moments[i] += x[i] * y;
                (0..2).for_each(|j| sums.gram[i * 2 + j] += x[i] * x[j]);
            }
            sums.squares += y * y;
        }
        sums
    }

    #[test]
    fn a_line_through_four_points() {
        // The textbook case: slope 1.4, intercept 3.5, residual sum of squares 4.2.
        let points = [
            ([1.0, 1.0], 6.0),
            ([1.0, 2.0], 5.0),
            ([1.0, 3.0], 7.0),
            ([1.0, 4.0], 10.0),
        ];
        let line = fit(&sums(&points), &[0.0, 0.0]).unwrap();
        assert!((line[0].value - 3.5).abs() < 1e-9, "{line:?}");
        assert!((line[1].value - 1.4).abs() < 1e-9, "{line:?}");
        assert!((line[1].standard_error - (2.1_f64 / 5.0).sqrt()).abs() < 1e-9);
        let held = fit(&sums(&points), &[0.0, 1e9]).unwrap();
        assert!(held[1].value.abs() < 1e-6, "a large penalty leaves nothing");
        assert!((held[0].value - 7.0).abs() < 1e-6, "but the mean");
    }

    #[test]
    fn columns_that_repeat_each_other_need_a_penalty() {
        let twice = [([1.0, 1.0], 1.0), ([1.0, 1.0], 3.0), ([2.0, 2.0], 4.0)];
        assert!(fit(&sums(&twice), &[0.0, 0.0]).is_none());
        assert!(fit(&sums(&twice), &[1.0, 1.0]).is_some());
        assert!(fit(&sums(&twice[..2]), &[1.0, 1.0]).is_none(), "too few");
    }
}
