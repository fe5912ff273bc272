// Goal: identities that a channel, or an append, has to look at are noted each once, in the order in which they came. Method: random notes
// against an array.
import Testing

@testable import Engine

@Suite struct ContactsTests {
    @Test func contactsAreNotedOnce() {
        var random = RandomNumbers(seed: 11)
        var contacts = Contacts()
        for _ in 0..<3 {
            var model: [[Int32]] = []
            for _ in 0..<3000 {
                let (channel, identity) = (Number<OpenChannel>(random.number(0...3)), RowNumber(random.number(0...700)))
                contacts.add(channel, identity)
                if !model.contains([channel.value, identity.value]) { model.append([channel.value, identity.value]) }
            }
            #expect((0..<contacts.count).map { [contacts[$0].channel.value, contacts[$0].identity.value] } == model)
            contacts.removeAll()
            #expect(contacts.count == 0)
        }
    }

    @Test func savedIdentitiesAreNotedOnce() {
        var random = RandomNumbers(seed: 12)
        var identities = SavedIdentities()
        for _ in 0..<3 {
            var model: [[Int32]] = []
            for _ in 0..<3000 {
                let (save, identity) = (Number<Save>(random.number(0...3)), RowNumber(random.number(0...700)))
                let isNew = !model.contains([save.value, identity.value])
                #expect(identities.insert(save, identity) == isNew)
                if isNew { model.append([save.value, identity.value]) }
            }
            #expect((0..<identities.count).map { [identities[$0].save.value, identities[$0].identity.value] } == model)
            identities.removeAll()
            #expect(identities.count == 0)
        }
    }
}
