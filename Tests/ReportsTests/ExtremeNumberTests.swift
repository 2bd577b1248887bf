import Foundation
import Tables
import TestSupport
import Testing

@testable import Reports

/// Tables whose numbers nobody measured: a page, or one line that says why not.
struct ExtremeNumberTests {
  private static let values = [
    "nan", "inf", "-inf", "1e300", "-1e300", "1.7e308", "5e-324", "0", "-1",
    "9223372036854775807", "-9223372036854775808", "18446744073709551616", "",
    "1e18", "0x10",
  ]

  private static let tables = [
    "noise,target,level,solver,samples,mean,median,p10,p90,failures,"
      + "microseconds_per_system,residual,low,middle,high,boundary,knows\n"
      + "relative,A,1e-3,lu,10,0.02,0.017,0.001,0.07,1,30,1e-16,1,0,0,0,A\n"
      + "relative,A,1e-2,lu,10,2,1.7,0.1,7,1,30,1e-16,1,0,0,0,A\n",
    "run,start,samples,seed,state,test_mse,baseline_ratio,baseline_share\n"
      + "a,tuned,50,0,done,1e-3,0.01,0.05\nb,scratch,50,0,done,0.1,,\n"
      + "c,tuned,250,0,done,1e-4,1.5,\nd,scratch,250,0,done,1e-2,,\n",
    "variable,value,network,samples,mse,mean,median,p10,p90,condition\n"
      + "omega,0.5,a,10,1e-5,1e-6,1e-6,1e-7,1e-5,8e5\n"
      + "omega,1,a,10,1e-1,1e-2,1e-2,1e-3,1e-1,8e5\n",
    "problem,method,step,seconds,objective\n"
      + "0,newton,0,0.1,2\n0,newton,1,0.2,1\n0,a,0,0.1,2\n0,a,1,0.2,1\n",
    "sample,x,K,f,u\n0,0,1,1,0\n0,1,2,1,3\n1,0,1,1,0\n1,1,1,1,2\n",
    "epoch,step,samples,lr,train_mse,test_mse,test_relative_mse,seconds\n"
      + "0,0,0,1e-05,nan,4,0.4,1\n1,20,1280,0,0.1,2e-3,1e-4,61\n",
  ]

  /// A page of a table, or the reason that there is none.
  private func outcome(_ text: String) throws -> String {
    let folder = try TemporaryFolder()
    let isRun = text.hasPrefix("epoch,")
    try folder.write(text, to: isRun ? "metrics.csv" : "table.csv")
    if isRun { try folder.write("", to: "recipe.yaml") }
    do {
      let sources = try ReportSources([folder.path]) { _, _ in
        .init(
          model: "gru", subject: "diffusion", parameters: 1,
          isFromScratch: true, solvesSystems: true)
      }
      return Report("extreme", sources: sources).html
    } catch let error as CSVTable.Failure {
      return error.description
    }
  }

  @Test(arguments: tables) func aPageOrOneLine(_ table: String) throws {
    let lines = table.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(
        String.init)
    }
    for column in lines[0].indices {
      for value in Self.values {
        // In one row, in all of them, and with its opposite in the others.
        for others in [nil, value, "-" + value] {
          var rows = lines
          rows[1][column] = value
          if let others {
            for row in rows.indices.dropFirst(2) { rows[row][column] = others }
          }
          let text = rows.map { $0.joined(separator: ",") }
          let found = try outcome(text.joined(separator: "\n") + "\n")
          #expect(
            found.hasSuffix("</html>\n") || !found.contains("\n"), "\(value)")
        }
      }
    }
  }
}
