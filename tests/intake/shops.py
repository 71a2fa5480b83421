"""Small files of the shapes in which shops and their customers' purchases are published."""

from tests.intake.published import STARS, Files


def instacart() -> Files:
    """As https://www.kaggle.com/c/instacart-market-basket-analysis/data has it."""
    orders = "order_id,user_id,eval_set,order_number,order_dow,order_hour_of_day,days_since_prior_order\n"
    head = "order_id,product_id,add_to_cart_order,reordered\n"
    return [
        ("aisles.csv", b"aisle_id,aisle\n1,soups\n"),
        ("departments.csv", b"department_id,department\n1,frozen\n"),
        ("order_products__prior.csv", f"{head}1,4,1,1\n".encode()),
        ("order_products__train.csv", f"{head}2,4,1,1\n2,6,2,0\n".encode()),
        ("orders.csv", f"{orders}1,1,prior,1,2,08,\n2,2,train,1,3,07,\n3,3,test,1,3,07,\n".encode()),
        ("products.csv", b"product_id,product_name,aisle_id,department_id\n4,Soup,1,1\n6,Peas,1,1\n"),
        ("sample_submission.csv", b"order_id,products\n3,4 6\n"),
    ]


def olist() -> Files:
    """As https://www.kaggle.com/datasets/olistbr/brazilian-ecommerce has it."""
    orders = "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at\n"
    items = "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n"
    return [
        (
            "olist_orders_dataset.csv",
            f"{orders}a,1,delivered,2017-10-02 10:56:33,\nb,2,delivered,2018-07-24 20:41:37,\n".encode(),
        ),
        (
            "olist_order_items_dataset.csv",
            f"{items}a,1,4,s,2017-09-19,58.9,1\nb,1,4,s,2017-09-19,9,1\nb,2,6,s,2017-09-19,9,1\n".encode(),
        ),
        ("olist_products_dataset.csv", b"product_id,product_category_name\n4,bebes\n6,esporte\n"),
        ("olist_customers_dataset.csv", b"customer_id,customer_zip_code_prefix\n1,14409\n2,09790\n"),
    ]


def book_crossing() -> Files:
    """As http://www2.informatik.uni-freiburg.de/~cziegler/BX/ has it."""
    rows = "".join(f'"{user}";"034545104{item}";"{stars:.0f}"\n' for user, item, stars in STARS)
    books = "".join(f'"034545104{item}";"Book {item}";"Author";"2002";"House"\n' for item in "46")
    names = '"ISBN";"Book-Title";"Book-Author";"Year-Of-Publication";"Publisher"\n'
    return [
        ("BX-Book-Ratings.csv", f'"User-ID";"ISBN";"Book-Rating"\n{rows}'.encode()),
        ("BX-Books.csv", (names + books).encode()),
        ("BX-Users.csv", b'"User-ID";"Location";"Age"\n"1";"nyc";"20"\n"2";"rome";"30"\n'),
    ]


def hm() -> Files:
    """As https://www.kaggle.com/c/h-and-m-personalized-fashion-recommendations/data has it."""
    rows = "".join(f"2018-09-20,{user:0>8},066354100{item},0.05,2\n" for user, item, _ in STARS)
    articles = "".join(f"066354100{item},0108775,Strap top,253,Vest top\n" for item in "46")
    return [
        ("transactions_train.csv", f"t_dat,customer_id,article_id,price,sales_channel_id\n{rows}".encode()),
        (
            "articles.csv",
            f"article_id,product_code,prod_name,product_type_no,product_type_name\n{articles}".encode(),
        ),
        ("customers.csv", b"customer_id,FN,Active,age\n00000001,,,49\n00000002,,,25\n"),
    ]


def online_retail() -> Files:
    """As https://archive.ics.uci.edu/dataset/352/online+retail has it."""
    head = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    rows = "".join(
        f"53636{user},8512{item}A,LAMP,6,2010-12-01 08:26:00,2.55,{user},UK\n" for user, item, _ in STARS
    )
    return [("Online Retail.csv", (head + rows).encode())]
