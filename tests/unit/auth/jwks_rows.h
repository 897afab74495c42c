/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of the table jwks as the original writes them: PUBLIC and PRIVATE under
 * the lab's secret, ROTATED the same private half under version 2 of a list.
 */
#ifndef TESTS_UNIT_AUTH_JWKS_ROWS_H
#define TESTS_UNIT_AUTH_JWKS_ROWS_H

#define RSA_PUBLIC                                                             \
    "{\"kty\":\"RSA\",\"n\":\"9AmJgaCbA-ZEeaWiofy4ZCZGwAIGx2vuyjYWlCFbs"       \
    "QPB_YBdkEUvzxC8Q3oMcsRDvB1N3vq0SvEonioF0sFK1_W838WHauBPC4KiyRbMMrS"       \
    "NKAV8Gj4UX8AyoOkql8FlTpEfmmxce5SHekHLl8uzsrHfB0oR43DwesTtlZSRbZGWk"       \
    "yl1utayGsJl4qQBEn1Gr1t55kO-pq-jDmMk7s2hf9fghwEugHQJEWJeiXwCBgPTZ4h"       \
    "ZMCxUTb28kiUu3Xb2o1tg1BZiZwL3HwB5SVzpXYf-FVrLnP9jFy0YCxy3rCN1-tGZO"       \
    "cuDmgY8YyHARRWak-mLBs5-qOPJCqs9ajfuhQ\",\"e\":\"AQAB\"}"
#define RSA_PRIVATE                                                            \
    "\"732944da1a4af16ff22c163812681612c28ab8663d22f358700788c03ffcfe28"       \
    "58762b25d0e0ada0c206ff668906712922df91d162c967f388cf220b818f08e3eb"       \
    "67a38c9a97d7b228b4102a16f70b168875284232c5a7dffb569ee0b1466e601ba7"       \
    "4b1dda7fbf6d7e8530a7fc79add4153143dad6cae5dc21e0ebc126ef66033e46ca"       \
    "4ab66b8967a698d25fa191c02abc03b6d0d88cea5d66d1576877f02b3d1def7060"       \
    "77351c785e68f428412f654f8f5cead18499cb327896921e9687cbb475ea37c0c3"       \
    "867cd5430699272b2ceb562d1230c81edc04805d65cb5de435ad0baba91a93502b"       \
    "4a63790766bee0d5579e7a1d097b7cbe74a3e12c5da022df7e56bdf51d4ae74a33"       \
    "728106ceda06c6a175847fadddc2a7bf1200d9f0a2f82fdb40fcd541228c586d23"       \
    "d8d841162cd316a2096b521b62e3c2938746a5f1dadd4ebf396288f72e9946e617"       \
    "74149a6c2ad3785f64e68fb0d0500dc1232f231e0f757a9fd457662f5765538fc5"       \
    "0097d602f43d1e43d8de6da9304f9dc822c57ba1776aaf427f2531dd3afbb11a55"       \
    "f2e92a16dd81d1947f26d55d9306358185d38c17c0b978fbccd709b98343e25ccd"       \
    "530ad4010010b6deda16939d1f8b168481771d195847ebd9aa17e38f857955a8d9"       \
    "0f422f3a95ff328a3bd455366d7b022561c3589be94b746a6e575dab575ec034a6"       \
    "3429813252b348dcb4db79484cc11644bc77d74a4cb23a3caf3d08ccb7624ab8f0"       \
    "307d43a252a702d93b21ecd1187507be263fb216a663b54d803dd36fcfdbd79d59"       \
    "2260fcc212b0cdfa25598d4090635fef7dcff6c1db721c6ca19bfd6bc30eaf5398"       \
    "c0c63a76bdb94bdf1e8c319f6728114b0649321a8fd3bd3a38eb64c843095e6866"       \
    "7d05db90381ff9c508e71d7f47e7ce6d6f35ec774e8cd9588e7f1d767971cf8892"       \
    "d8e1670c1e5d540d0482c5ca62a1efab7004077d1cd630c682f12fbb99f92fe069"       \
    "db5cad1cfa5d0fef354133fbb472cddb399a7e90cfae65da9b833ca0e6eb5159b6"       \
    "5b5f85049c0d2896ae4a8bb7fa2c5d5ffe78eba0bb98e20982ccc3af3011ff1005"       \
    "0ca900ba179e5ef56ba8c50ac9363eec116494ac9e3f9a5692b018bd57c981ce2f"       \
    "7fc0f3ae04f9bf7f943f75b8d49f7d38653bda5eba1c6542e230cb9396dce38044"       \
    "2605aaae47aa61aaa9d7209e1264d3b58a608b1adbae14b934ab507573f74de166"       \
    "38416df8ce09ad865e5d769b6f10e8a9a5f3cd34e516e2d19581efcb725670b310"       \
    "3c803cb408038bdc3684e6f662303635ec9437a9eae4cf100270d6592e9167f4d0"       \
    "364094420f1faa47fb0baee7b9e57d8ef6b5d4b67e2d272729d89db46d9b9dde9e"       \
    "814350ab7daf472eecaec6f7ba656e1cadb34a8e7bdc3653aa892b5e31c7770c26"       \
    "5c4bcac74f80187bbc97f8e3cf56118bfbb8e6b43e5adacd135010494226803360"       \
    "cf799f78cac79c396b95bfbc665eecd54096dcf06fcc28c570ba859caeb2007862"       \
    "1acc2f0dc05ac77fe4f91560078e747189c7fe38b308bcf891195f9646ab8d008c"       \
    "09e4c44c77221f36283ffa32c45f3943b0dc4e5b6eee8dead38398d428e3f31112"       \
    "e50220c05cb1685dd762d78e3b96b3236b03cc5e683502aae870683a3243340181"       \
    "7fd870093726b6cb3b1c5c4ccf765a0c7d554ee5e69d611d640d1cad2a5729f380"       \
    "79dbb4b4a438b86b017a2f4902b5d09fd6d9f22f7710aff844aa3df4251c9dea81"       \
    "0c97301a98982ab2dcc11642654f2bfd5d208a6cfc6a987bdf8696611e860ef208"       \
    "64d7ffba54d86f513eafffdbba66d77b5b3ecc166abc025b39b475ce981599876f"       \
    "5253793c485eaafd6075deb3e34c0bd9caba586211e6a934f9253070d728f1612b"       \
    "a3a99411517ce237e4c0a645e38a4afa96922324b95b9eca2f4e46f726a9acf065"       \
    "032d2b0dec94578d6cc0651089aeedc8f896da2d43f187eb1a9b914f95da6ec11b"       \
    "d43e05c0412ddc83c3275cd2179395c3c04410b38ab21434b818119d9c7cd0fd99"       \
    "f875aa71ef4c31639213aa3da4b527b75ee6e62f0d9794f494bef1d14f56ae674f"       \
    "d15f0261e1f77f40b593de758e4b5a101ada5153b63f966c42cfbe4bb80751550b"       \
    "cbadbb265ef19cf1504e776d9e74647c4f787d125fc5bfae655056d8e9e5d80b5d"       \
    "f5c2159667461d775f02a4f1f7bb0ea46a82aa9505abad06efbd0af642c7597572"       \
    "4cd1bc3af24dfb452f7be83d4e29ddeb897aa94f910e4e0d00f3c940c27dac2b6e"       \
    "235c526e7038b28b677e367ab72bc91e82a97222e0e212a5865d20e19a11f1fc44"       \
    "54dec2e5bd4562bf37c5ed546ef40f5c62b1fd6468fe23243549be9e6d5561d72c"       \
    "3f625246acfe\""

#define EC_PUBLIC                                                              \
    "{\"kty\":\"EC\",\"x\":\"FfonZ2UeSgKVYadlkpcgIr0bEYcE_Xj4EgkS61jwSp"       \
    "E\",\"y\":\"JZEVeUfX8VIVTvGt7NOq0Wkn6Q11yJ2-XyBaVuCOv3g\",\"crv\":"       \
    "\"P-256\"}"
#define EC_PRIVATE                                                             \
    "\"e69fac7dc4ff7e1c231d6d31e823c58a4ab65662f140e6981cbd408663cefb43"       \
    "ce804126869f2823d40636929f4c77f050e415ccfb30f7f1c9d21316066621b1d0"       \
    "2956c6fecb03e1dc6b27c4422693d4a962649b4953c985c98f31632d58922a0ff5"       \
    "466e4bb142472b39a5519d67d0246160b0879bac033ee4021acd83719896e54dd4"       \
    "a23468ded5f355b57a6618918364fa81ca7160acd2d77237aec4274826fb17cddb"       \
    "d6716ecfa40a936ec373c8b318dae4232eb7d8ac53dd87081ce55fc325e81323c2"       \
    "727050299e52915d0ba0ca6ba569ea8a1dd283\""
#define EC_ROTATED                                                             \
    "\"$ba$2$0872ffeb881ca16b2310ab6ea92daf7d2c29c955c1baa5c2f832d7c182"       \
    "727fd15d9c171a768e826339d00d844cab229371829c9013083c278814162d426c"       \
    "1b005317cc8e8a74929b6bae5148aaaa78bef005e59ba2599225b764670270d6eb"       \
    "cdab0fae4253d101b342d27b9061d3ff1ce5523a69593746eb989631106b9d8c7b"       \
    "c260fce95eea59c4c68b9db84b4c81cd9051f537b18dab57b243402f88598b6534"       \
    "a33a8a2558abc7769fc6d20f56431e2ec008465e51d39dbe6d96a793c81d3b40b5"       \
    "fc40c41a98fbaf1b6b03a5dffb467610f31b218ef55e\""
#define EC_BARE                                                                \
    "{\"kty\":\"EC\",\"x\":\"FfonZ2UeSgKVYadlkpcgIr0bEYcE_Xj4EgkS61jwSp"       \
    "E\",\"y\":\"JZEVeUfX8VIVTvGt7NOq0Wkn6Q11yJ2-XyBaVuCOv3g\",\"crv\":"       \
    "\"P-256\",\"d\":\"ZpTNQAVcS7RHebzlWdVHflqkeDIjlhJoqauVKl0ckGg\"}"

#define OKP_PUBLIC                                                             \
    "{\"crv\":\"Ed25519\",\"x\":\"EYhi9dr7EjrLJGFBs2D4s3uY6LLPfJ36Mxc8L"       \
    "SzwUAA\",\"kty\":\"OKP\"}"
#define OKP_PRIVATE                                                            \
    "\"4f273ddddb25919d1992eed2995931b0f006d6bfbb240c29fbfe0685fea68153"       \
    "bc4aef3ff76b60abe8cb31950c6c37fbc3d66b7e8bba0ef3ffd7856aece6be2862"       \
    "4c9f486134687114c33c255b18a217d22c105739ab761eb6b6e85c215e41bad42e"       \
    "ededd7f490afa470c85954032716ab8c49018d56f7bad4f00e48035e57e1b445db"       \
    "d07b97ef1d7701b05764bd43a77785aeec5b3ba195e3d020b8b880e50e203e7e84"       \
    "932c70a095\""
#define OKP_ROTATED                                                            \
    "\"$ba$2$d72e55fd601e102fb66f80b6929af0112f27ec5f870704b8693c9ff9a3"       \
    "d90036d55900d4dcda43de845091311b84c5b1051de7ff9ba63860c63f820ae8df"       \
    "254ff0982fa26613a0a4c250ee0d80169c6720cdcb6f61c3a6169e06c6e34d38ec"       \
    "6f2d285b689f4536a4f8f16444d3a09ba3d718f9660289c9d57ce9c57677cbb0b6"       \
    "e90a245b1dafda395d9923cb100890b26e80024247620800fe28725e49c0350f71"       \
    "1c33ec5445e9ad33\""

#endif
