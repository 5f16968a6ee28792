"""The second factor of people (动态口令): one-time codes of an app on the phone (RFC 6238), and codes for its loss.

``codes``         codes and what they are made of, pure
``locking``       secrets as they lie in the database: locked with a key that lies in a file
``store``         rows of second factors and recovery codes
``taking``        taking a code, once, in the transaction that relies on it
``second_factors``  setting, showing and removing one
``service``       `SecondFactorService`
"""
