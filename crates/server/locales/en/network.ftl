# The network: organisations, agreements and their regions.

network-kind-kpu = Election commission (KPU)
network-kind-bawaslu = Election supervisor (Bawaslu)
network-kind-dkpp = Election honour council (DKPP)
network-kind-police = Police
network-kind-prosecution = Prosecution
network-kind-komdigi = Communication ministry (Komdigi)
network-kind-dewan_pers = Press council
network-kind-kpi = Broadcasting commission (KPI)
network-kind-media_association = Media association
network-kind-association_chapter = Association chapter
network-kind-newsroom = Online media
network-kind-campus = Campus
network-kind-student_body = Student body
network-kind-mass_organisation = Civil society organisation
network-kind-fact_check_body = Fact-checking body
network-kind-party = Party or campaign team
network-kind-operator = Operator of Kentongan
network-kind-other = Other body
network-level-national = National
network-level-province = Province
network-level-regency = Regency or city
network-level-district = District
