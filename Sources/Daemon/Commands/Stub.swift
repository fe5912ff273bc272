func demoCommand(_ arguments: [String]) throws -> ExitCode { .internal }
