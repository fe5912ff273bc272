// The snapshots that lie on the disk, and their files: whole audiences for who wants all of it at once.
import Campaigns
import Glibc
import HTTP
import Storage

extension Resources {
    /// Other names are none of a snapshot.
    static let snapshotFileNames = ["manifest.json", "members.ndjson.zst", "members.csv.zst", "members.parquet"]

    /// GET audiences/{id}/snapshots: their manifests, the newest first.
    func snapshots(_ request: Request, _ responder: Responder) {
        let id = request.parameters["id"]!
        let (isThere, newest) = interface.committed { ($0.audiences[id] != nil, $0.sequence) }
        guard isThere else { return responder.answer(unknown("audience", id, known: \.audienceIds)) }
        do throws(StorageError) {
            var items: [JSON] = []
            for sequence in try snapshotFolder.sequences(of: id).reversed() where sequence <= newest {
                // One that was removed meanwhile is none.
                guard let manifest = try? snapshotFolder.manifest(of: id, sequence: sequence) else { continue }
                if let json = JSON(text: Array(manifest.utf8)) { items.append(json) }
            }
            send(.object([JSON.Member("items", .array(items)), JSON.Member("next", .null)]), tag: nil, to: responder)
        } catch {
            responder.answer(ProblemDocument(.fault, "the snapshots cannot be listed: \(error)"))
        }
    }

    /// GET audiences/{id}/snapshots/{sequence}/{file}; a part of it with Range.
    func snapshotFile(_ request: Request, _ responder: Responder) {
        let (id, name) = (request.parameters["id"]!, request.parameters["file"]!)
        let (isThere, newest) = interface.committed { ($0.audiences[id] != nil, $0.sequence) }
        guard isThere else { return responder.answer(unknown("audience", id, known: \.audienceIds)) }
        // Nothing of the path is taken as it came: a name of the list, a number, an audience that there is.
        guard let sequence = Int64(request.parameters["sequence"]!), (0...newest).contains(sequence),
            Self.snapshotFileNames.contains(name)
        else {
            return responder.answer(
                ProblemDocument(.notFound, "there is no such file of a snapshot", hint: "the manifests of snapshots name their files"))
        }
        let descriptor = open("\(snapshotFolder.path)/\(id)/\(sequence)/\(name)", O_RDONLY | O_CLOEXEC)
        var about = stat()
        guard descriptor >= 0, fstat(descriptor, &about) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            return responder.answer(
                ProblemDocument(.notFound, "there is no such file of a snapshot", hint: "it may have been removed since"))
        }
        let type = name.hasSuffix(".json") ? "application/json" : "application/octet-stream"
        var response = Response(
            headers: ["Content-Type": type], body: .file(descriptor: descriptor, size: Int64(about.st_size)))
        let manifest = (try? snapshotFolder.manifest(of: id, sequence: sequence)).flatMap { JSON(text: Array($0.utf8)) }
        let clock = manifest?.text("time").flatMap { InstantText.milliseconds(of: $0) }
        response.note(sequence: sequence, clock: clock ?? .min)
        if let file = manifest?.elements("files").first(where: { $0.text("name") == name }) { response.entityTag = file.text("sha256") }
        responder.answer(response)
    }
}
