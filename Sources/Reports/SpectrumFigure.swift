import Tables

extension Figure {
  /// The moduli of the eigenvalues of I − G A, the largest first: for each
  /// approximate inverse the median over samples, with a band from the 10th to the
  /// 90th percentile.
  public init(spectrum rows: [SpectrumRow]) {
    self.init(
      "Eigenvalues of I − G A, the largest first",
      x: .init("number"), y: .init("modulus", .logarithmic),
      series: rows.grouped(by: \.inverse).map { name, rows in
        Series(
          name,
          rows.grouped(by: \.number).map { number, rows in
            let moduli = Distribution(rows.map { max($0.modulus, 1e-17) })
            return Point(
              Double(number), moduli.median, band: moduli.p10...moduli.p90)
          }, isMarked: false)
      })
  }
}
