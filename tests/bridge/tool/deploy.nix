{ deploy }: map (name: deploy (./machines + "/${name}")) [ "a" "b" ]
