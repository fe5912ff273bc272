// Numbers as people read them.

/// A number as people read it: "12,431".
public func grouped(_ number: Int64) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (place, digit) in digits.enumerated() {
        if place > 0, (digits.count - place) % 3 == 0 { text += "," }
        text.append(digit)
    }
    return text
}

/// How many of all are so, when some of them were asked: the number where that was all of them, else "about 12 %".
public func groupedShare(_ number: Int64, ofAsked asked: Int64, of all: Int64) -> String {
    if asked >= all { return grouped(number) }
    let percent = number * 100 / max(1, asked)
    return percent == 0 ? "under 1 %" : "about \(percent) %"
}
