create stream cfdp_in as select packet as pdu from cfdp_tm
create stream cfdp_out (gentime TIMESTAMP, entityId long, seqNum int, pdu binary)
insert into cfdp_tc select gentime, 'cfdp' as origin, seqNum, '/cfdp/pdu' as cmdName, pdu as binary from cfdp_out
