//! The two solvers of linear algebra that distilling needs: ridge regression on sparse rows, and the
//! main directions of a cloud of vectors.

use crate::embedding::WIDTH;
use rayon::prelude::*;

/// A row of a sparse matrix: columns and their values.
pub type Sparse = Vec<(u32, f32)>;

/// Outputs that are solved together: a block of the solution then stays in the processor's cache.
const LANES: usize = 16;
type Lane = [f32; LANES];

/// The matrix that gives `targets` from `rows` with the least squares plus `penalty` times its own
/// squares, by `steps` of conjugate gradients (Hestenes and Stiefel 1952) on the normal equations.
/// Each block of outputs is solved for itself: the same bits whatever the threads.
pub fn ridge(
    rows: &[Sparse],
    targets: &[[f32; WIDTH]],
    columns: usize,
    penalty: f32,
    steps: usize,
) -> Vec<[f32; WIDTH]> {
    let blocks: Vec<Vec<Lane>> = (0..WIDTH / LANES)
        .into_par_iter()
        .map(|block| {
            let target = |at: usize| -> Lane {
                std::array::from_fn(|lane| targets[at][block * LANES + lane])
            };
            solve(rows, &target, columns, penalty, steps)
        })
        .collect();
    let row = |column: usize| std::array::from_fn(|at| blocks[at / LANES][column][at % LANES]);
    (0..columns).map(row).collect()
}

fn solve(
    rows: &[Sparse],
    target: &dyn Fn(usize) -> Lane,
    columns: usize,
    penalty: f32,
    steps: usize,
) -> Vec<Lane> {
    let mut solution = vec![Lane::default(); columns];
    let mut rest = vec![Lane::default(); columns];
    for (at, row) in rows.iter().enumerate() {
        scatter(&mut rest, row, &target(at));
    }
    let mut direction = rest.clone();
    let mut size = squares(&rest, &rest);
    for _ in 0..steps {
        let mut image: Vec<Lane> = direction
            .iter()
            .map(|lane| lane.map(|part| penalty * part))
            .collect();
        for row in rows {
            let sum = gather(&direction, row);
            scatter(&mut image, row, &sum);
        }
        let along = squares(&direction, &image);
        let step: [f64; LANES] = std::array::from_fn(|lane| ratio(size[lane], along[lane]));
        for column in 0..columns {
            for lane in 0..LANES {
                solution[column][lane] += step[lane] as f32 * direction[column][lane];
                rest[column][lane] -= step[lane] as f32 * image[column][lane];
            }
        }
        let left = squares(&rest, &rest);
        let turn: [f64; LANES] = std::array::from_fn(|lane| ratio(left[lane], size[lane]));
        for column in 0..columns {
            for lane in 0..LANES {
                direction[column][lane] =
                    rest[column][lane] + turn[lane] as f32 * direction[column][lane];
            }
        }
        size = left;
    }
    solution
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole.abs() < 1e-30 {
        0.0
    } else {
        part / whole
    }
}

fn gather(matrix: &[Lane], row: &Sparse) -> Lane {
    let mut sum = Lane::default();
    for (column, value) in row {
        for (sum, part) in sum.iter_mut().zip(&matrix[*column as usize]) {
            *sum += value * part;
        }
    }
    sum
}

fn scatter(matrix: &mut [Lane], row: &Sparse, sum: &Lane) {
    for (column, value) in row {
        for (part, sum) in matrix[*column as usize].iter_mut().zip(sum) {
            *part += value * sum;
        }
    }
}

fn squares(a: &[Lane], b: &[Lane]) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += f64::from(a[lane]) * f64::from(b[lane]);
        }
    }
    sums
}

/// The directions in which a cloud of vectors around its mean is widest, widest first, and the mean:
/// the leading eigenvectors of its covariance, by Jacobi's rotations (1846).
pub fn principal<const N: usize>(cloud: &[[f32; N]], count: usize) -> (Vec<[f32; N]>, [f32; N]) {
    let share = 1.0 / cloud.len().max(1) as f64;
    let mut mean = [0.0_f64; N];
    for vector in cloud {
        for (mean, part) in mean.iter_mut().zip(vector) {
            *mean += share * f64::from(*part);
        }
    }
    let mean = mean.map(|part| part as f32);
    let rows: Vec<Vec<f64>> = (0..N)
        .into_par_iter()
        .map(|row| {
            let mut sums = vec![0.0_f32; N];
            let mut total = vec![0.0_f64; N];
            // Short runs in floats, summed in doubles: fast, and exact enough.
            for run in cloud.chunks(256) {
                sums.fill(0.0);
                for vector in run {
                    let own = vector[row] - mean[row];
                    for ((sum, part), mean) in sums.iter_mut().zip(vector).zip(&mean) {
                        *sum += own * (part - mean);
                    }
                }
                for (total, sum) in total.iter_mut().zip(&sums) {
                    *total += f64::from(*sum);
                }
            }
            total
        })
        .collect();
    let (values, vectors) = eigen(rows);
    let mut order: Vec<usize> = (0..N).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]).then(a.cmp(b)));
    let direction = |at: &usize| std::array::from_fn(|part| vectors[*at][part] as f32);
    (order.iter().take(count).map(direction).collect(), mean)
}

/// Eigenvalues and eigenvectors (one per row) of a symmetric matrix.
fn eigen(mut matrix: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = matrix.len();
    let mut vectors: Vec<Vec<f64>> = (0..size)
        .map(|row| {
            (0..size)
                .map(|column| f64::from(u8::from(row == column)))
                .collect()
        })
        .collect();
    for _ in 0..12 {
        for p in 0..size {
            for q in p + 1..size {
                if matrix[p][q].abs() > 1e-12 * (matrix[p][p] * matrix[q][q]).abs().sqrt() {
                    rotate(&mut matrix, &mut vectors, p, q);
                }
            }
        }
    }
    ((0..size).map(|at| matrix[at][at]).collect(), vectors)
}

/// Turns the plane of `p` and `q` so that they no longer go together.
fn rotate(matrix: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
    let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    let turn = |rows: &mut [Vec<f64>]| {
        let (before, after) = rows.split_at_mut(q);
        for (a, b) in before[p].iter_mut().zip(after[0].iter_mut()) {
            (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
        }
    };
    turn(matrix);
    for row in matrix.iter_mut() {
        (row[p], row[q]) = (
            cosine * row[p] - sine * row[q],
            sine * row[p] + cosine * row[q],
        );
    }
    turn(vectors);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ridge_gives_back_a_matrix_that_made_the_targets() {
        let truth: Vec<[f32; WIDTH]> = (0..3)
            .map(|row| std::array::from_fn(|at| (row * 7 + at) as f32 / 100.0))
            .collect();
        let rows: Vec<Sparse> = vec![
            vec![(0, 1.0)],
            vec![(1, 1.0), (2, -1.0)],
            vec![(0, 0.5), (2, 2.0)],
            vec![(1, 3.0)],
        ];
        let targets: Vec<[f32; WIDTH]> = rows
            .iter()
            .map(|row| {
                std::array::from_fn(|at| {
                    row.iter()
                        .map(|(column, value)| value * truth[*column as usize][at])
                        .sum()
                })
            })
            .collect();
        let found = ridge(&rows, &targets, 3, 0.0, 10);
        for (found, truth) in found.as_flattened().iter().zip(truth.as_flattened()) {
            assert!((found - truth).abs() < 1e-3, "{found} {truth}");
        }
    }

    #[test]
    fn the_widest_direction_comes_first() {
        let cloud: Vec<[f32; 3]> = (0..100)
            .map(|at| {
                let far = (at as f32 - 49.5) / 10.0;
                [3.0 + far, 1.0 - far, (at % 2) as f32]
            })
            .collect();
        let (directions, mean) = principal(&cloud, 2);
        assert!((mean[0] - 3.0).abs() < 1e-4);
        let half = 0.5_f32.sqrt();
        assert!((directions[0][0].abs() - half).abs() < 1e-3);
        assert!((directions[0][0] + directions[0][1]).abs() < 1e-3);
        assert!((directions[1][2].abs() - 1.0).abs() < 1e-2);
    }
}
