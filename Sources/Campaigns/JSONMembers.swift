// What readers of a value ask of its members: each by its name and its kind.

extension JSON {
    /// A member that is a text.
    public func text(_ name: String) -> String? {
        if case .string(let text)? = self[name] { return text }
        return nil
    }

    /// A member that is a whole number.
    public func integer(_ name: String) -> Int64? {
        if case .integer(let value)? = self[name] { return value }
        return nil
    }

    /// A member that is true or false.
    public func boolean(_ name: String) -> Bool? {
        if case .boolean(let value)? = self[name] { return value }
        return nil
    }

    /// The elements of a member that is an array; none of any other.
    public func elements(_ name: String) -> [JSON] {
        if case .array(let items)? = self[name] { return items }
        return []
    }

    /// The members of a member that is an object; none of any other.
    public func members(_ name: String) -> [Member] {
        if case .object(let members)? = self[name] { return members }
        return []
    }
}
