// The stories of Config/examples/campaigns.

extension Example {
    static let campaigns = [
        Example(
            name: "campaigns/abandoned-cart",
            input: """
                2026-03-02 09:05 publish
                2026-03-02 09:10 customers {"id":"ann","email":"ann@x.fr","name":"Ann","opted_in":true}
                2026-03-02 09:10 customers {"id":"bob","email":"bob@x.fr","name":"Bob","opted_in":false}
                2026-03-02 09:10 carts {"id":"1","customer_id":"ann","status":"open","amount":30,"updated_at":"2026-03-02T09:10:00Z"}
                2026-03-02 09:10 carts {"id":"2","customer_id":"bob","status":"open","amount":90,"updated_at":"2026-03-02T09:10:00Z"}
                2026-03-02 09:50 carts {"id":"1","customer_id":"ann","status":"open","amount":45,"updated_at":"2026-03-02T09:50:00Z"}
                2026-03-02 10:10 tick
                2026-03-02 10:50 tick
                2026-03-02 11:00 carts {"id":"1","customer_id":"ann","status":"ordered","amount":45,"updated_at":"2026-03-02T11:00:00Z"}
                2026-03-03 09:00 carts {"id":"3","customer_id":"ann","status":"open","amount":20,"updated_at":"2026-03-03T09:00:00Z"}
                2026-03-03 10:00 tick
                2026-03-10 09:01 tick
                """,
            output: """
                2026-03-02 10:50 + abandoned-cart ann@x.fr {"amount":45}
                2026-03-02 10:50 > your-cart ann@x.fr {"name":"Ann","amount":45}
                2026-03-02 11:00 - abandoned-cart ann@x.fr
                2026-03-03 10:00 + abandoned-cart ann@x.fr {"amount":20}
                2026-03-10 09:01 - abandoned-cart ann@x.fr
                """),
        Example(
            name: "campaigns/churn-risk",
            input: """
                2026-03-02 09:00 customers {"id":"ann","email":"ann@x.fr","opted_in":true}
                2026-03-02 09:00 customers {"id":"bob","email":"bob@x.fr","opted_in":true}
                2026-03-02 09:00 purchases {"id":"1","customer_id":"ann","amount":10,"at":"2025-10-02T09:00:00Z"}
                2026-03-02 09:00 purchases {"id":"2","customer_id":"ann","amount":10,"at":"2025-11-02T09:00:00Z"}
                2026-03-02 09:00 purchases {"id":"3","customer_id":"ann","amount":10,"at":"2026-01-02T09:00:00Z"}
                2026-03-02 09:00 purchases {"id":"4","customer_id":"bob","amount":10,"at":"2025-10-02T09:00:00Z"}
                2026-03-02 09:00 purchases {"id":"5","customer_id":"bob","amount":10,"at":"2025-11-02T09:00:00Z"}
                2026-03-02 09:00 purchases {"id":"6","customer_id":"bob","amount":10,"at":"2026-01-02T09:00:00Z"}
                2026-03-02 09:05 publish
                2026-03-03 09:01 tick
                2026-03-10 12:00 purchases {"id":"7","customer_id":"bob","amount":10,"at":"2026-03-10T12:00:00Z"}
                2026-03-17 09:01 tick
                2026-03-20 12:00 purchases {"id":"8","customer_id":"ann","amount":10,"at":"2026-03-20T12:00:00Z"}
                """,
            output: """
                2026-03-03 09:01 + churn-risk ann@x.fr {"id":"ann"}
                2026-03-03 09:01 + churn-risk bob@x.fr {"id":"bob"}
                2026-03-03 09:01 > new-arrivals ann@x.fr {}
                2026-03-03 09:01 > new-arrivals bob@x.fr {}
                2026-03-10 12:00 - churn-risk bob@x.fr
                2026-03-17 09:01 + churn-risk-high ann@x.fr {"id":"ann"}
                2026-03-17 09:01 > voucher ann@x.fr {}
                2026-03-20 12:00 - churn-risk ann@x.fr
                2026-03-20 12:00 - churn-risk-high ann@x.fr
                """),
        Example(
            name: "campaigns/household-holdout",
            input: (1...12).map { number in
                """
                2026-03-02 09:00 households {"id":"h\(number)","city":"Lyon"}
                2026-03-02 09:00 customers {"id":"a\(number)","household_id":"h\(number)","email":"a\(number)@x.fr","opted_in":true}
                2026-03-02 09:00 customers {"id":"b\(number)","household_id":"h\(number)","email":"b\(number)@x.fr","opted_in":true}

                """
            }.joined() + """
                2026-03-02 09:05 publish
                2026-03-02 10:00 purchases {"id":"1","customer_id":"a1","amount":10,"at":"2026-03-02T10:00:00Z"}
                2026-03-02 11:00 purchases {"id":"2","customer_id":"b4","amount":10,"at":"2026-03-02T10:00:00Z"}
                2026-03-02 12:00 customers {"id":"b1","household_id":"h1","email":"b1@x.fr","opted_in":false}
                """,
            output: """
                2026-03-02 10:00 + household-offer a1@x.fr {"city":"Lyon"}
                2026-03-02 10:00 + household-offer b1@x.fr {"city":"Lyon"}
                2026-03-02 11:00 + household-holdout a4@x.fr {"city":"Lyon"}
                2026-03-02 11:00 + household-holdout b4@x.fr {"city":"Lyon"}
                2026-03-02 12:00 - household-offer b1@x.fr
                """),
        Example(
            name: "campaigns/vip-top-1000",
            input: (1...1001).map { number in
                """
                2026-03-02 09:00 customers {"id":"c\(number)","email":"c\(number)@x.fr","name":"C\(number)"}
                2026-03-02 09:00 purchases {"id":"\(number)","customer_id":"c\(number)","amount":\(number),"at":"2026-02-02T09:00:00Z"}

                """
            }.joined() + """
                2026-03-02 09:05 publish
                2026-03-02 10:00 purchases {"id":"new","customer_id":"c1","amount":500,"at":"2026-03-02T10:00:00Z"}
                2026-03-02 11:00 -purchases {"id":"1001"}
                """,
            output: """
                2026-03-02 09:05 + vip: 1000
                2026-03-02 10:00 + vip c1@x.fr {"name":"C1","spent":501}
                2026-03-02 10:00 - vip c2@x.fr
                2026-03-02 11:00 - vip c1001@x.fr
                2026-03-02 11:00 + vip c2@x.fr {"name":"C2","spent":2}
                """),
        Example(
            name: "campaigns/win-back",
            input: """
                2026-03-02 09:00 customers {"id":"ann","email":"ann@x.fr","name":"Ann","opted_in":true}
                2026-03-02 09:00 customers {"id":"bob","email":"bob@x.fr","name":"Bob","opted_in":true}
                2026-03-02 09:00 customers {"id":"cid","email":"cid@x.fr","name":"Cid","opted_in":true}
                2026-03-02 09:00 customers {"id":"dan","email":"dan@x.fr","name":"Dan","opted_in":true}
                2026-03-02 09:00 customers {"id":"ned","email":"ned@x.fr","name":"Ned","opted_in":true}
                2026-03-02 09:00 customers {"id":"eve","email":"eve@x.fr","name":"Eve","opted_in":true}
                2026-03-02 09:00 purchases {"id":"1","customer_id":"ann","amount":200,"at":"2025-05-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"2","customer_id":"ann","amount":200,"at":"2025-06-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"3","customer_id":"ann","amount":200,"at":"2025-08-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"4","customer_id":"bob","amount":20,"at":"2025-05-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"5","customer_id":"bob","amount":20,"at":"2025-06-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"6","customer_id":"bob","amount":20,"at":"2025-08-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"7","customer_id":"cid","amount":20,"at":"2025-05-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"8","customer_id":"cid","amount":20,"at":"2025-06-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"9","customer_id":"cid","amount":20,"at":"2025-08-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"10","customer_id":"dan","amount":20,"at":"2025-05-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"11","customer_id":"dan","amount":20,"at":"2025-06-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"12","customer_id":"dan","amount":20,"at":"2025-09-06T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"13","customer_id":"ned","amount":20,"at":"2025-05-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"14","customer_id":"ned","amount":20,"at":"2025-06-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"15","customer_id":"ned","amount":20,"at":"2025-08-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"16","customer_id":"eve","amount":900,"at":"2025-05-01T12:00:00Z"}
                2026-03-02 09:00 purchases {"id":"17","customer_id":"eve","amount":900,"at":"2025-08-01T12:00:00Z"}
                2026-03-02 09:00 suppressions {"id":"1","address":"CID@x.fr"}
                2026-03-02 09:05 publish
                2026-03-05 13:00 tick
                2026-03-06 09:00 purchases {"id":"new","customer_id":"ann","amount":40,"at":"2026-03-06T09:00:00Z"}
                2026-03-07 09:00 suppressions {"id":"2","address":"bob@x.fr"}
                """,
            output: """
                2026-03-02 09:05 + win-back ann@x.fr {"id":"ann"}
                2026-03-02 09:05 + win-back bob@x.fr {"id":"bob"}
                2026-03-02 09:05 + win-back ned@x.fr {"id":"ned"}
                2026-03-02 09:05 + win-back-holdout ned@x.fr {"id":"ned"}
                2026-03-02 09:05 > we-miss-you bob@x.fr {"name":"Bob"}
                2026-03-02 09:05 > we-miss-you-voucher ann@x.fr {"name":"Ann","voucher":"20-PERCENT"}
                2026-03-05 13:00 + win-back dan@x.fr {"id":"dan"}
                2026-03-05 13:00 > we-miss-you dan@x.fr {"name":"Dan"}
                2026-03-06 09:00 - win-back ann@x.fr
                2026-03-07 09:00 - win-back bob@x.fr
                """),
    ]
}
