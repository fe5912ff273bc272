// How `validate` shows problems: for people as a table under the name of each definition, for programs as one JSON object per line.
import Campaigns

/// A report for people. Long messages go on in the next line, below where they began.
struct ProblemReport {
    /// Columns of the terminal; nil: lines may be as long as they are.
    var columns: Int?

    private static let indentation = "  "
    private static let gap = "  "

    /// The whole report, with a line feed at its end.
    func text(of validation: Validation, files: Int) -> String {
        var lines: [String] = []
        let width = pathWidth(validation.findings)
        var last: String?
        for problem in validation.findings {
            let title = title(of: problem)
            if title != last {
                if last != nil { lines.append("") }
                lines.append(title)
                last = title
            }
            lines += self.lines(of: problem, pathWidth: width)
        }
        if !lines.isEmpty { lines.append("") }
        lines += wrapped(summary(of: validation, files: files), width: columns ?? Int.max)
        if let advice = advice(about: validation) { lines += wrapped(advice, width: columns ?? Int.max) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The problems of one definition, without its name.
    func lines(of problems: [Problem]) -> [String] {
        let found = problems.map { FoundProblem(file: "", problem: $0) }
        let width = pathWidth(found)
        return found.flatMap { lines(of: $0, pathWidth: width) }
    }

    private func title(of problem: FoundProblem) -> String {
        var title = problem.file
        if problem.fault == nil, let line = problem.line { title += ":\(line)" }
        switch (problem.kind, problem.definition) {
        case (let kind?, let name?): title += ": \(kind) \(shortened(name))"
        case (let kind?, nil): title += ": a \(kind) without a readable \(kind == "schema" ? "name" : "id")"
        case (nil, let name?): title += ": \(shortened(name))"
        case (nil, nil): break
        }
        return title
    }

    private func shortened(_ text: String) -> String { text.count > 80 ? text.prefix(80) + "…" : text }

    private func path(of problem: FoundProblem) -> String {
        if let fault = problem.fault, let line = problem.line { return "line \(line), column \(fault.column)" }
        return problem.problem.path.isEmpty ? "(all of it)" : problem.problem.path
    }

    /// The column of paths: as wide as the longest, up to two fifths of a line.
    private func pathWidth(_ problems: [FoundProblem]) -> Int {
        let maximum = columns.map { $0 * 2 / 5 } ?? 60
        return problems.map { path(of: $0).count }.filter { $0 <= maximum }.max() ?? 0
    }

    private func lines(of found: FoundProblem, pathWidth: Int) -> [String] {
        let path = path(of: found)
        let start = ProblemReport.indentation.count + pathWidth + ProblemReport.gap.count
        let width = columns.map { max(20, $0 - start) } ?? Int.max
        let message = found.severity == .warning ? "warning: \(found.problem.message)" : found.problem.message
        var body = wrapped(message, width: width)
        if let hint = found.problem.hint { body += wrapped("→ \(hint)", width: width, hanging: "  ") }
        let blank = String(repeating: " ", count: start)
        var lines: [String] = []
        if path.count > pathWidth {
            lines.append(ProblemReport.indentation + path)
        } else {
            let padding = String(repeating: " ", count: pathWidth - path.count)
            lines.append(ProblemReport.indentation + path + padding + ProblemReport.gap + body.removeFirst())
        }
        return lines + body.map { blank + $0 }
    }

    /// The words of a text in lines no longer than that; a longer word stays whole.
    private func wrapped(_ text: String, width: Int, hanging: String = "") -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == " " || $0.isNewline }) {
            if line.isEmpty || line == hanging && !lines.isEmpty {
                line += word
            } else if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = hanging + word
            }
        }
        return lines + [line]
    }

    // The last lines.

    private func summary(of validation: Validation, files: Int) -> String {
        let count = validation.problems.count
        let and = validation.warnings.isEmpty ? "" : ", \(counted(validation.warnings.count, "warning"))"
        var parts: [String] = []
        if count == 0 {
            if validation.schemas > 0 { parts.append(counted(validation.schemas, "schema")) }
            if validation.campaigns > 0 { parts.append(counted(validation.campaigns, "campaign")) }
            let what = parts.isEmpty ? "" : " in \(parts.joined(separator: " and "))"
            return "no problems\(what) (\(counted(files, "file")))\(and)"
        }
        if validation.wrongSchemas > 0 { parts.append("\(validation.wrongSchemas) of \(counted(validation.schemas, "schema"))") }
        if validation.wrongCampaigns > 0 { parts.append("\(validation.wrongCampaigns) of \(counted(validation.campaigns, "campaign"))") }
        if validation.wrongOthers > 0 { parts.append("\(validation.wrongOthers) of neither kind") }
        return "\(counted(count, "problem")) in \(parts.joined(separator: " and ")) (\(counted(files, "file")))\(and)"
    }

    private func advice(about validation: Validation) -> String? {
        guard validation.wrongCampaigns > 0 else { return nil }
        if validation.schemas == 0 { return "No schema was given, so no field is known: name the files of schemas with --schemas FILE..." }
        return validation.wrongSchemas > 0 ? "Fix the schemas first: what is said of campaigns may follow from them." : nil
    }

    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

extension FoundProblem {
    /// `{"severity", "file", "line", "column", "byte", "kind", "definition", "path", "message", "hint"}`; null what is not known.
    var json: JSON {
        func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
        func number(_ value: Int?) -> JSON { value.map { .integer(Int64($0)) } ?? .null }
        return .object([
            JSON.Member("severity", .string(severity.rawValue)), JSON.Member("file", .string(file)),
            JSON.Member("line", number(line)), JSON.Member("column", number(fault?.column)),
            JSON.Member("byte", number(fault?.byte)), JSON.Member("kind", text(kind)), JSON.Member("definition", text(definition)),
            JSON.Member("path", .string(problem.path)), JSON.Member("message", .string(problem.message)),
            JSON.Member("hint", text(problem.hint)),
        ])
    }
}
