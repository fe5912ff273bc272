// The stories of Config/examples/activities.

extension Example {
    static let activities = [
        Example(
            name: "activities/alert",
            input: """
                2026-03-02 09:05 publish
                2026-03-02 09:10 purchases {"id":"1","amount":7000,"at":"2026-03-02T09:10:00Z"}
                2026-03-02 09:20 purchases {"id":"2","amount":80,"at":"2026-03-02T09:20:00Z"}
                2026-03-02 09:30 purchases {"id":"3","amount":5000,"at":"2026-03-02T09:30:00Z"}
                2026-03-02 10:00 purchases {"id":"4","amount":9000,"at":"2026-03-02T10:00:00Z"}
                2026-03-02 10:05 purchases {"id":"5","amount":9000,"at":"2026-03-02T10:05:00Z"}
                2026-03-02 10:06 tick
                2026-03-02 10:40 tick
                2026-03-02 10:50 purchases {"id":"6","amount":6000,"at":"2026-03-02T10:50:00Z"}
                2026-03-02 10:50 purchases {"id":"7","amount":6000,"at":"2026-03-02T10:50:00Z"}
                """,
            output: """
                2026-03-02 10:00 ! Three large orders within an hour: 3
                2026-03-02 10:50 ! Three large orders within an hour: 4
                """),
        Example(
            name: "activities/and-join",
            input: """
                2026-03-02 09:00 customers {"id":"ann","email":"ann@x.fr","opted_in":true}
                2026-03-02 09:00 products {"id":"1","stock":5}
                2026-03-02 09:00 products {"id":"2","stock":9}
                2026-03-02 09:05 publish
                2026-03-02 10:00 products {"id":"3","stock":1}
                2026-03-02 11:00 products {"id":"3","stock":0}
                """,
            output: """
                2026-03-02 10:00 + sale ann@x.fr {"id":"ann"}
                2026-03-02 11:00 - sale ann@x.fr
                """),
        Example(
            name: "activities/build-audience",
            input: """
                2026-03-02 09:00 customers {"id":"ann","email":"ann@x.fr","country":"FR","opted_in":true}
                2026-03-02 09:00 customers {"id":"bob","email":"bob@x.de","country":"DE","opted_in":false}
                2026-03-02 09:00 purchases {"id":"1","customer_id":"ann","category":"shoes","amount":80,"at":"2026-03-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"2","customer_id":"bob","category":"shoes","amount":90,"at":"2026-02-10T12:00:00Z"}
                2026-03-02 09:05 publish
                2026-03-02 10:00 customers {"id":"bob","email":"bob@x.de","country":"DE","opted_in":true}
                2026-03-03 10:00 customers {"id":"ann","email":"ann@x.fr","country":"BE","opted_in":true}
                2026-03-12 12:00 tick
                2026-03-31 10:59 tick
                2026-03-31 11:01 tick
                """,
            output: """
                2026-03-02 09:05 + shoe-buyers ann@x.fr {"country":"FR"}
                2026-03-02 10:00 + shoe-buyers bob@x.de {"country":"DE"}
                2026-03-03 10:00 ~ shoe-buyers ann@x.fr {"country":"BE"}
                2026-03-12 12:00 - shoe-buyers bob@x.de
                2026-03-31 11:01 - shoe-buyers ann@x.fr
                """),
        Example(
            name: "activities/change-dimension",
            input: """
                2026-03-02 09:00 households {"id":"h1","city":"Lyon"}
                2026-03-02 09:00 customers {"id":"ann","household_id":"h1","email":"ann@x.fr"}
                2026-03-02 09:00 customers {"id":"bob","household_id":"h1","email":"bob@x.fr"}
                2026-03-02 09:00 customers {"id":"cid","household_id":"h2","email":"cid@x.fr"}
                2026-03-02 09:05 publish
                2026-03-02 10:00 purchases {"id":"1","customer_id":"ann","category":"toys","amount":20,"at":"2026-03-02T10:00:00Z"}
                2026-03-03 10:00 customers {"id":"dan","household_id":"h1","email":"dan@x.fr"}
                2026-03-04 10:00 -purchases {"id":"1"}
                """,
            output: """
                2026-03-02 10:00 + toy-families ann@x.fr {"id":"ann"}
                2026-03-02 10:00 + toy-families bob@x.fr {"id":"bob"}
                2026-03-03 10:00 + toy-families dan@x.fr {"id":"dan"}
                2026-03-04 10:00 - toy-families ann@x.fr
                2026-03-04 10:00 - toy-families bob@x.fr
                2026-03-04 10:00 - toy-families dan@x.fr
                """),
        Example(
            name: "activities/channel",
            input: """
                2026-03-02 09:00 customers {"id":"ann","email":"ann@x.fr","name":"Ann","birth_date":"1990-03-05","opted_in":true}
                2026-03-02 09:00 customers {"id":"bob","email":"bob@x.fr","name":"Bob","birth_date":"1980-03-05","opted_in":false}
                2026-03-02 09:00 customers {"id":"cid","email":null,"name":"Cid","birth_date":"1970-03-05","opted_in":true}
                2026-03-02 09:05 publish
                2026-03-04 22:59 tick
                2026-03-04 23:00 tick
                2026-03-05 23:00 tick
                2026-03-06 09:00 customers {"id":"ann","email":"ann@x.fr","name":"Ann","birth_date":"1990-03-06","opted_in":true}
                2026-03-07 09:00 tick
                2027-03-05 23:00 tick
                """,
            output: """
                2026-03-04 23:00 > birthday ann@x.fr {"name":"Ann"}
                2027-03-05 23:00 > birthday ann@x.fr {"name":"Ann"}
                """),
        Example(
            name: "activities/combine",
            input: """
                2026-03-02 09:00 customers {"id":"ann","email":"Ann@x.fr","opted_in":true}
                2026-03-02 09:00 customers {"id":"bob","email":"bob@x.fr","opted_in":true}
                2026-03-02 09:00 suppressions {"id":"1","address":"bob@x.fr"}
                2026-03-02 09:05 publish
                2026-03-02 10:00 suppressions {"id":"2","address":"ann@X.fr"}
                2026-03-02 11:00 -suppressions {"id":"1"}
                """,
            output: """
                2026-03-02 09:05 + newsletter Ann@x.fr {"id":"ann"}
                2026-03-02 10:00 - newsletter Ann@x.fr
                2026-03-02 11:00 + newsletter bob@x.fr {"id":"bob"}
                """),
        Example(
            name: "activities/deduplication",
            input: """
                2026-03-02 09:00 households {"id":"h1","city":"Lyon"}
                2026-03-02 09:00 customers {"id":"ann","household_id":"h1","email":"ann@x.fr"}
                2026-03-02 09:00 customers {"id":"bob","household_id":"h1","email":"bob@x.fr"}
                2026-03-02 09:00 customers {"id":"cid","email":"cid@x.fr"}
                2026-03-02 09:00 purchases {"id":"1","customer_id":"ann","amount":300,"at":"2026-02-02T09:00:00Z"}
                2026-03-02 09:00 purchases {"id":"2","customer_id":"bob","amount":200,"at":"2026-02-02T09:00:00Z"}
                2026-03-02 09:00 purchases {"id":"3","customer_id":"cid","amount":100,"at":"2026-02-02T09:00:00Z"}
                2026-03-02 09:05 publish
                2026-03-02 10:00 purchases {"id":"4","customer_id":"bob","amount":150,"at":"2026-03-02T10:00:00Z"}
                2026-03-02 11:00 -customers {"id":"bob"}
                """,
            output: """
                2026-03-02 09:05 + catalogue ann@x.fr {"city":"Lyon"}
                2026-03-02 09:05 + catalogue cid@x.fr {"city":null}
                2026-03-02 10:00 - catalogue ann@x.fr
                2026-03-02 10:00 + catalogue bob@x.fr {"city":"Lyon"}
                2026-03-02 11:00 + catalogue ann@x.fr {"city":"Lyon"}
                2026-03-02 11:00 - catalogue bob@x.fr
                """),
        Example(
            name: "activities/end",
            input: (1...6).map { number in
                """
                2026-03-02 09:00 customers {"id":"c\(number)","email":"c\(number)@x.fr"}
                2026-03-02 09:00 purchases {"id":"\(number)","customer_id":"c\(number)","category":"books"}

                """
            }.joined() + "2026-03-02 09:05 publish",
            output: """
                2026-03-02 09:05 + book-readers c2@x.fr {"id":"c2"}
                2026-03-02 09:05 + book-readers c5@x.fr {"id":"c5"}
                """),
        Example(
            name: "activities/enrichment",
            input: """
                2026-03-02 09:00 countries {"code":"CH","currency":"CHF"}
                2026-03-02 09:00 customers {"id":"ann","email":"ann@x.ch","country":"CH"}
                2026-03-02 09:00 customers {"id":"bob","email":"bob@x.se","country":"SE"}
                2026-03-02 09:00 purchases {"id":"1","customer_id":"ann","category":"shoes","amount":80,"at":"2026-02-01T09:00:00Z"}
                2026-03-02 09:00 purchases {"id":"2","customer_id":"ann","category":"books","amount":20,"at":"2026-02-02T09:00:00Z"}
                2026-03-02 09:00 purchases {"id":"3","customer_id":"bob","category":"toys","amount":30.5,"at":"2026-02-02T09:00:00Z"}
                2026-03-02 09:05 publish
                2026-03-02 10:00 purchases {"id":"4","customer_id":"ann","category":"toys","amount":10,"at":"2026-03-02T10:00:00Z"}
                2026-03-02 11:00 countries {"code":"SE","currency":"SEK"}
                """,
            output: """
                2026-03-02 09:05 + last-purchases ann@x.ch {"spent":100,"currency":"CHF","last":"books","before":"shoes"}
                2026-03-02 09:05 + last-purchases bob@x.se {"spent":30.5,"currency":null,"last":"toys","before":null}
                2026-03-02 10:00 ~ last-purchases ann@x.ch {"spent":110,"currency":"CHF","last":"toys","before":"books"}
                2026-03-02 11:00 ~ last-purchases bob@x.se {"spent":30.5,"currency":"SEK","last":"toys","before":null}
                """),
        Example(
            name: "activities/fork",
            input: """
                2026-03-02 09:00 customers {"id":"ann","email":"ann@x.fr","phone":"+331","opted_in":true}
                2026-03-02 09:00 customers {"id":"bob","email":null,"phone":"+332","opted_in":true}
                2026-03-02 09:05 publish
                2026-03-02 10:00 customers {"id":"ann","email":"ann@x.fr","phone":"+331","opted_in":false}
                """,
            output: """
                2026-03-02 09:05 + reachable-by-mail ann@x.fr {"id":"ann"}
                2026-03-02 09:05 + reachable-by-telephone +331 {"id":"ann"}
                2026-03-02 09:05 + reachable-by-telephone +332 {"id":"bob"}
                2026-03-02 10:00 - reachable-by-mail ann@x.fr
                2026-03-02 10:00 - reachable-by-telephone +331
                """),
        Example(
            name: "activities/read-audience",
            input: """
                2026-03-02 09:00 customers {"id":"ann","email":"ann@x.fr","country":"FR","opted_in":true}
                2026-03-02 09:00 customers {"id":"bob","email":"bob@x.de","country":"DE","opted_in":true}
                2026-03-02 09:05 publish activities/build-audience
                2026-03-02 09:30 publish
                2026-03-02 10:00 purchases {"id":"1","customer_id":"ann","category":"shoes","amount":80,"at":"2026-03-02T10:00:00Z"}
                2026-03-02 10:00 purchases {"id":"2","customer_id":"bob","category":"shoes","amount":80,"at":"2026-03-02T10:00:00Z"}
                2026-04-02 10:00 tick
                """,
            output: """
                2026-03-02 10:00 + french-shoe-buyers ann@x.fr {"id":"ann"}
                2026-03-02 10:00 + shoe-buyers ann@x.fr {"country":"FR"}
                2026-03-02 10:00 + shoe-buyers bob@x.de {"country":"DE"}
                2026-04-02 10:00 - french-shoe-buyers ann@x.fr
                2026-04-02 10:00 - shoe-buyers ann@x.fr
                2026-04-02 10:00 - shoe-buyers bob@x.de
                """),
        Example(
            name: "activities/reconciliation",
            input: """
                2026-03-02 09:00 customers {"id":"ann","email":"ann@x.fr","name":"Ann"}
                2026-03-02 09:00 leads {"id":"1","address":"Ann@x.fr","fair":"Paris"}
                2026-03-02 09:00 leads {"id":"2","address":"bob@x.fr","fair":"Paris"}
                2026-03-02 09:05 publish
                2026-03-02 10:00 customers {"id":"bob","email":"bob@x.fr","name":"Bob"}
                """,
            output: """
                2026-03-02 09:05 + met-customers ann@x.fr {"name":"Ann"}
                2026-03-02 09:05 > nice-to-meet-you bob@x.fr {}
                2026-03-02 10:00 + met-customers bob@x.fr {"name":"Bob"}
                """),
        Example(
            name: "activities/save-audience",
            input: """
                2026-03-02 09:00 customers {"id":"ann","email":"ann@x.fr","name":"Ann"}
                2026-03-02 09:00 customers {"id":"bob","email":"bob@x.fr","name":"Bob"}
                2026-03-02 09:00 purchases {"id":"1","customer_id":"ann","amount":1200,"at":"2026-03-01T09:00:00Z"}
                2026-03-02 09:05 publish
                2026-03-03 09:00 purchases {"id":"2","customer_id":"bob","amount":1000,"at":"2026-03-03T09:00:00Z"}
                2026-03-03 09:01 tick
                2026-03-04 09:00 -purchases {"id":"1"}
                2026-03-09 05:00 tick
                """,
            output: """
                2026-03-02 09:05 + gold ann@x.fr {"name":"Ann"}
                2026-03-02 09:05 + gold-ever ann@x.fr {"name":"Ann"}
                2026-03-02 09:05 + gold-of-the-week ann@x.fr {"name":"Ann"}
                2026-03-03 09:00 + gold bob@x.fr {"name":"Bob"}
                2026-03-03 09:00 + gold-ever bob@x.fr {"name":"Bob"}
                2026-03-04 09:00 - gold ann@x.fr
                2026-03-09 05:00 - gold-of-the-week ann@x.fr
                2026-03-09 05:00 + gold-of-the-week bob@x.fr {"name":"Bob"}
                """),
        Example(
            name: "activities/split",
            input: (1...120).map { number in
                """
                2026-03-02 09:00 customers {"id":"c\(number)","email":"c\(number)@x.fr"}
                2026-03-02 09:00 purchases {"id":"\(number)","customer_id":"c\(number)","amount":\(number),"at":"2026-02-02T09:00:00Z"}

                """
            }.joined() + """
                2026-03-02 09:05 publish
                2026-03-02 10:00 customers {"id":"ann","email":"ann@x.fr"}
                2026-03-02 10:00 purchases {"id":"ann","customer_id":"ann","amount":500,"at":"2026-03-02T10:00:00Z"}
                """,
            output: """
                2026-03-02 09:05 + voucher: 100
                2026-03-02 09:05 + voucher-holdout: 9
                2026-03-02 10:00 + voucher ann@x.fr {"segment":"V"}
                2026-03-02 10:00 - voucher c13@x.fr
                """),
        Example(
            name: "activities/test",
            input: (1...99).map { number in
                """
                2026-03-02 09:00 customers {"id":"c\(number)","email":"c\(number)@x.fr"}
                2026-03-02 09:00 purchases {"id":"\(number)","customer_id":"c\(number)","category":"toys","at":"2026-02-02T09:00:00Z"}

                """
            }.joined() + """
                2026-03-02 09:05 publish
                2026-03-02 10:00 customers {"id":"ann","email":"ann@x.fr"}
                2026-03-02 10:00 purchases {"id":"ann","customer_id":"ann","category":"toys","at":"2026-03-02T10:00:00Z"}
                """,
            output: """
                2026-03-02 09:05 + brochure-mailed: 99
                2026-03-02 10:00 - brochure-mailed: 99
                2026-03-02 10:00 + brochure-printed: 100
                """),
        Example(
            name: "activities/wait",
            input: """
                2026-03-02 09:00 customers {"id":"ann","email":"ann@x.fr","opted_in":true}
                2026-03-02 09:05 publish
                2026-03-03 09:00 customers {"id":"bob","email":"bob@x.fr","opted_in":true}
                2026-03-04 09:00 customers {"id":"ann","email":"ann@x.fr","opted_in":false}
                2026-03-04 10:00 customers {"id":"ann","email":"ann@x.fr","opted_in":true}
                2026-03-06 09:00 tick
                2026-03-07 10:01 tick
                """,
            output: """
                2026-03-06 09:00 > tips bob@x.fr {}
                2026-03-07 10:01 > tips ann@x.fr {}
                """),
    ]
}
