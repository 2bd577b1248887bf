#if BVP_SERVE
import Foundation
import TestSupport
import Testing

/// The server as a process; `scripts/page/test` has more.
struct ServeVerbTests {
  /// Begins a server in the folder; `ask PATH [HOST] [HEADER]` prints the status
  /// and the body of an answer.
  private static let begin = #"""
    "$BVP" serve --port 0 > address 2> messages &
    server=$!
    for try in {1..100}; do [ -s address ] && break; sleep 0.1; done
    url=$(cat address); token=${url#*token=}
    port=${url#http://127.0.0.1:}; port=${port%%/*}
    key="Authorization: Bearer $token"
    ask() {
      exec 3<>/dev/tcp/127.0.0.1/$port
      printf 'GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\nConnection: close\r\n\r\n' \
        "$1" "${2:-127.0.0.1:$port}" "${3:-A: b}" >&3
      tr -d '\r' <&3 | sed '1b; 1,/^$/d'
      exec 3>&-
    }

    """#

  @Test func onlyTheTokenOpens() throws {
    let folder = try TemporaryFolder()
    let found = try Command.shell(
      Self.begin + #"""
        ask /api/workspace | head -2; echo
        ask /api/workspace "" "$key" | head -1
        ask /api/workspace evil.example "$key" | head -1
        ask /api/workspace "" "Origin: http://evil.example" | head -1
        ask "/?token=$token" "" "Cookie: bvp=$token; bvp-$port=$token" | head -1
        ask /api/jobs "" "Cookie: bvp=$token; bvp-$port=$token" | head -1
        ask "/api/jobs?token=$token" | head -1
        ask /node/here/$port/api/jobs localhost "$key" | head -1
        ask /node/here/$port/ localhost:9090 | head -1
        ask / | head -1
        ask /../etc/passwd | head -1
        "$BVP" serve --port $port; echo "status $?"
        kill -INT $server; wait $server; echo "status $?"; cat messages
        """#, in: folder)
    let lines = found.lines
    try #require(lines.count == 15, "\(lines) \(found.messages)")
    #expect(lines[0].contains(" 401 ") && lines[1].contains("token is missing"))
    for (line, status) in [
      (2, "200"), (3, "403"), (4, "403"), (5, "200"), (6, "401"), (7, "401"),
      (8, "200"), (9, "200"), (10, "200"), (11, "404"),
    ] { #expect(lines[line].contains(" \(status) "), "\(line): \(lines)") }
    #expect(!found.output.lowercased().contains("set-cookie"))
    #expect(lines[12] == "status 1", "\(lines)")
    #expect(
      found.messages.contains("cannot be listened on")
        && found.messages.contains("--port takes another"), "\(found.messages)")
    #expect(
      lines[13] == "status 0" && lines[14].contains("ended"), "\(lines)")
  }

  @Test func theTokenFileIsItsOwnersAlone() throws {
    let folder = try TemporaryFolder()
    let found = try Command.shell(
      #"""
      umask 0; mkdir work; echo other > data
      "$BVP" serve --port 0 --token-file data 2> refused; echo "status $?"
      cat data; cat refused
      echo 'http://127.0.0.1:1/#token=0123abcd' > token; chmod 666 token
      "$BVP" serve work --port 0 --token-file token > address 2> messages &
      server=$!
      for try in {1..100}; do [ -s address ] && break; sleep 0.1; done
      grep -c token address; stat -c %a token
      url=$(cat address); port=${url##*:}; port=${port%/}
      token=$(sed 's/.*token=//' token)
      [ "$url#token=$token" = "$(cat token)" ] && echo alike
      exec 3<>/dev/tcp/127.0.0.1/$port
      printf 'GET /api/jobs HTTP/1.1\r\nHost: localhost\r\n' >&3
      printf 'Connection: close\r\nAuthorization: Bearer %s\r\n\r\n' $token >&3
      head -1 <&3 | tr -d '\r'; exec 3>&-
      kill -INT $server; wait $server; ls token 2>&1 | grep -c 'No such'
      """#, in: folder)
    let lines = found.lines
    try #require(lines.count == 8, "\(lines) \(found.messages)")
    #expect(lines[0] == "status 1" && lines[1] == "other", "\(lines)")
    #expect(lines[2].contains("data: is no token file"), "\(lines)")
    #expect(lines[3...5] == ["0", "600", "alike"], "\(lines)")
    #expect(lines[6].contains(" 200 ") && lines[7] == "1", "\(lines)")
  }

  @Test func itsProcessesEndWithIt() throws {
    let folder = try TemporaryFolder()
    let found = try Command.shell(
      Self.begin + #"""
        body='{"verb":"pretrain","equation":"diffusion","name":"r",
          "preset":"smoke","online":true,"steps":1000000,"evaluateEvery":20}'
        exec 3<>/dev/tcp/127.0.0.1/$port
        printf 'POST /api/runs HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n%s\r\n' \
          $port "$key" >&3
        printf 'Content-Type: application/json\r\nContent-Length: %s\r\n' \
          ${#body} >&3
        printf 'Connection: close\r\n\r\n%s' "$body" >&3
        head -1 <&3
        for try in {1..200}; do [ -s runs/r/metrics.csv ] && break; sleep 0.1; done
        kill -KILL $server
        for try in {1..100}; do
          "$BVP" pretrain --resume --output runs/r --steps 1 2> end && break
          grep -q 'another process' end || break
          sleep 0.1
        done
        cat end
        """#, in: folder)
    #expect(found.lines.first?.contains(" 200 ") == true, "\(found.lines)")
    // It has saved its state, and let go of the folder.
    #expect(
      found.output.contains("steps") && !found.output.contains("process"),
      "\(found.output)")
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let found = try Command.run("serve", "no-such-folder")
    #expect(found.status == 1)
    #expect(found.messages.contains("no-such-folder: No such file"))
    let host = try Command.run("serve", "--host", "nowhere", "--port", "0")
    #expect(host.status == 1 && host.messages.contains("'nowhere'"))
  }
}
#endif
