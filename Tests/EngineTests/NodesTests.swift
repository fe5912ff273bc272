// Goal: a node is found again by what it says, knows what it is made of, and who reads it. Method: random nodes against a dictionary, and
// small graphs.
import Campaigns
import Testing

@testable import Engine

@Suite struct NodesTests {
    private static func node(_ operation: Node.Operation, _ a: Int32 = 0, _ b: Int32 = 0, table: Int = 0) -> Node {
        Node(operation: operation, table: .init(table), a: a, b: b)
    }

    @Test func nodesAreFoundByWhatTheySay() {
        var nodes = Nodes()
        // One that differs in each of what a node says.
        let numbers = [
            nodes.intern(Self.node(.codeIs, 1, 2), operands: []),
            nodes.intern(Self.node(.codeIs, 2, 1), operands: []),
            nodes.intern(Self.node(.codeIs, 1, 2, table: 1), operands: []),
            nodes.intern(Self.node(.column, 1), operands: []),
            nodes.intern(Node(operation: .compare, comparison: .less, table: 0, a: 0, b: 1), operands: []),
            nodes.intern(Node(operation: .compare, comparison: .greater, table: 0, a: 0, b: 1), operands: []),
            nodes.intern(Node(operation: .textTest, detail: 1, table: 0, a: 0, b: 1), operands: []),
            nodes.intern(Node(operation: .textTest, detail: 2, table: 0, a: 0, b: 1), operands: []),
            nodes.intern(Self.node(.codeIn, 1), operands: [1, 2]),
            nodes.intern(Self.node(.codeIn, 1), operands: [2, 1]),
            nodes.intern(Self.node(.codeIn, 1), operands: [1]),
        ]
        #expect(Set(numbers).count == numbers.count && nodes.count == numbers.count)
        #expect(nodes.intern(Self.node(.codeIn, 1), operands: [1, 2]) == numbers[8])
        // What the plan knows of a node is no part of what it says.
        var used = Self.node(.codeIs, 1, 2)
        (used.uses, used.heldValue, used.linkCount, used.isOfColumns) = (5, 3, 2, true)
        #expect(nodes.intern(used, operands: []) == numbers[0] && nodes.count == numbers.count)
        #expect(nodes.codes(nodes[numbers[9]]) == [2, 1])
    }

    @Test func randomNodesKeepWhatTheySay() {
        var random = RandomNumbers(seed: 31)
        var nodes = Nodes()
        var model: [[Int32]: NodeNumber] = [:]
        let leaf = nodes.intern(Self.node(.constant), operands: [])
        for _ in 0..<3000 {
            let (operation, operands) = (
                random.pick([Node.Operation.codeIn, .and]), (0..<random.number(0...3)).map { _ in Int32(random.number(0...4)) }
            )
            // The operands of a junction are nodes that are there.
            let list = operation == .and ? operands.map { min($0, leaf.value) } : operands
            let a = Int32(random.number(0...3))
            let number = nodes.intern(Self.node(operation, a), operands: list)
            let key = [Int32(operation.rawValue), a] + list
            #expect(number == model[key] ?? number)
            if model[key] == nil { #expect(nodes.count == model.count + 2) }
            model[key] = number
        }
        for (key, number) in model {
            #expect(nodes[number].operation.rawValue == UInt8(key[0]) && nodes[number].a == key[1])
            #expect(nodes.codes(nodes[number]) == Array(key.dropFirst(2)))
            for (place, word) in zip(nodes[number].operandPlaces, key.dropFirst(2)) {
                #expect(nodes.word(place) == word && nodes.operand(place) == Number(word))
            }
        }
    }

    /// A field beside a constant, beside a term, and behind a link.
    private struct Graph: ~Copyable {
        var nodes = Nodes()
        let column, constant, term, atConstant, atTerm, behind: NodeNumber

        init() {
            column = nodes.intern(node(.column, 3), operands: [])
            constant = nodes.intern(node(.constant, 0), operands: [])
            term = nodes.intern(node(.term, 4), operands: [])
            atConstant = nodes.intern(node(.compare, column.value, constant.value), operands: [])
            atTerm = nodes.intern(node(.compare, column.value, term.value), operands: [])
            behind = nodes.intern(node(.follow, 0, atTerm.value, table: 1), operands: [])
        }
    }

    @Test func partsAreOfTheSameRow() {
        var graph = Graph()
        func parts(_ number: NodeNumber) -> [NodeNumber] { graph.nodes.parts(of: graph.nodes[number]) }
        #expect(parts(graph.atConstant) == [graph.column, graph.constant])
        #expect(parts(graph.column) == [] && parts(graph.term) == [] && parts(graph.behind) == [])
        let not = graph.nodes.intern(Self.node(.not, graph.atTerm.value), operands: [])
        #expect(parts(not) == [graph.atTerm])
        let any = graph.nodes.intern(Self.node(.or), operands: [not.value, graph.atConstant.value])
        #expect(parts(any) == [not, graph.atConstant] && graph.nodes.list(graph.nodes[any]) == [not, graph.atConstant])
        let oneOf = graph.nodes.intern(Self.node(.isOneOf, graph.column.value), operands: [graph.constant.value])
        #expect(parts(oneOf) == [graph.column, graph.constant])
        // The marks of an age and the codes of a list are no nodes.
        let age = graph.nodes.intern(Self.node(.ageThreshold, graph.constant.value), operands: [1, 0])
        let codes = graph.nodes.intern(Self.node(.codeIn, 3), operands: [0, 1])
        #expect(parts(age) == [graph.constant] && parts(codes) == [])
    }

    @Test func aTermIsPartOfWhatIsMadeOfIt() {
        var graph = Graph()
        let both = graph.nodes.intern(Self.node(.and, table: 1), operands: [graph.behind.value])
        for number in [graph.term, graph.atTerm, graph.behind, both] {
            #expect(graph.nodes.contains(number, 4) == true && graph.nodes.contains(number, 5) == false)
        }
        #expect(graph.nodes.contains(graph.atConstant, 4) == false)
    }

    @Test func linksAreCountedOneAfterTheOther() {
        var graph = Graph()
        #expect(graph.nodes.longestPath == 1)
        let further = graph.nodes.intern(Self.node(.follow, 1, graph.behind.value, table: 2), operands: [])
        let twice = graph.nodes.intern(Self.node(.and, table: 2), operands: [further.value, further.value])
        #expect(graph.nodes[graph.column].linkCount == 0 && graph.nodes[graph.behind].linkCount == 1)
        #expect(graph.nodes[further].linkCount == 2 && graph.nodes[twice].linkCount == 2 && graph.nodes.longestPath == 2)
    }

    @Test func conditionsOfColumnsReadNothingElse() {
        var graph = Graph()
        #expect(graph.nodes[graph.atConstant].isOfColumns && graph.nodes[graph.column].isOfColumns)
        #expect(!graph.nodes[graph.atTerm].isOfColumns && !graph.nodes[graph.behind].isOfColumns && !graph.nodes[graph.term].isOfColumns)
        let count = graph.nodes.intern(Self.node(.count, 0), operands: [])
        func isOfColumns(_ node: Node, _ operands: [NodeNumber] = []) -> Bool {
            graph.nodes[graph.nodes.intern(node, operands: operands.map(\.value))].isOfColumns
        }
        #expect(isOfColumns(Self.node(.codeIs, 3)) && isOfColumns(Self.node(.codeIn, 3)))
        #expect(isOfColumns(Self.node(.isNull, graph.column.value)) && !isOfColumns(Self.node(.isNull, count.value)))
        #expect(isOfColumns(Self.node(.textTest, graph.column.value, graph.constant.value)))
        #expect(!isOfColumns(Self.node(.compare, count.value, graph.constant.value)))
        #expect(!isOfColumns(Self.node(.compare, graph.column.value, graph.column.value)))
        #expect(isOfColumns(Self.node(.isOneOf, graph.column.value), [graph.constant, graph.constant]))
        #expect(!isOfColumns(Self.node(.isOneOf, graph.column.value), [graph.constant, graph.column]))
        #expect(!isOfColumns(Self.node(.and), [graph.atConstant, graph.atConstant]))
    }

    @Test func whatSeveralAreMadeOfIsHeld() {
        var graph = Graph()
        // A sum of sums: used once it is not held, used twice it is. What is at hand, and what is made of it alone, never is.
        let sum = graph.nodes.intern(Self.node(.negate, graph.atConstant.value), operands: [])
        _ = graph.nodes.intern(Self.node(.not, sum.value), operands: [])
        #expect(graph.nodes[sum].uses == 1 && graph.nodes[sum].heldValue == nil && graph.nodes.heldCount == 0)
        _ = graph.nodes.intern(Self.node(.not, sum.value), operands: [])
        #expect(graph.nodes[sum].uses == 1, "found again, not made anew")
        _ = graph.nodes.intern(Self.node(.toDouble, sum.value), operands: [])
        #expect(graph.nodes[sum].uses == 2 && graph.nodes[sum].heldValue == 0 && graph.nodes.heldCount == 1)
        _ = graph.nodes.intern(Self.node(.isNull, sum.value), operands: [])
        #expect(graph.nodes[sum].uses == 3 && graph.nodes.heldCount == 1)
        for operation in [Node.Operation.not, .isNull, .negate] {
            for number in [graph.column, graph.constant, graph.term, graph.atConstant, graph.atTerm] {
                _ = graph.nodes.intern(Self.node(operation, number.value), operands: [])
                #expect(graph.nodes[number].heldValue == nil)
            }
        }
        // What lies behind a link is held.
        for link in 1...2 { _ = graph.nodes.intern(Self.node(.follow, Int32(link), graph.behind.value, table: 2), operands: []) }
        #expect(graph.nodes[graph.behind].heldValue == 1 && graph.nodes.heldCount == 2)
    }

    @Test func theFirstAndTheLastReaderAreTold() {
        var graph = Graph()
        #expect(graph.nodes.addReader(of: graph.column, 1) == true)
        graph.nodes.setReads(graph.column, ReadSet(bits: 8))
        #expect(graph.nodes.addReader(of: graph.column, 1) == false)
        #expect(graph.nodes.addReader(of: graph.term, 1) == true)
        #expect(graph.nodes.reads(graph.column).bits == 8 && graph.nodes.reads(graph.term).bits == 0)
        #expect(graph.nodes.addReader(of: graph.column, -1) == false)
        #expect(graph.nodes.addReader(of: graph.column, -1) == true)
        #expect(graph.nodes.addReader(of: graph.column, 1) == true)
    }
}
